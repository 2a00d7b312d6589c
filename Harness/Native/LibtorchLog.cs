using Ablation.Losses.Kernels;

namespace Ablation.Harness.Native;

/// <summary>
/// Silences libtorch's warnings, of which one ("could not initialize NNPACK") comes with each convolution of a small batch on processors
/// that NNPACK does not know. PyTorch's Python part reads TORCH_CPP_LOG_LEVEL at its start; a program in another language must ask for it.
/// </summary>
internal static class LibtorchLog
{
    private const string Level = "TORCH_CPP_LOG_LEVEL";

    /// <summary>Shows errors alone, or what the environment names. Windows' libtorch has no NNPACK.</summary>
    public static unsafe void ShowErrorsAlone()
    {
        if (OperatingSystem.IsWindows()) return;
        NativeEnvironment.SetForLibraries(Level, "ERROR");
        try
        {
            if (TorchExport.TryFind("_ZN3c1011initLoggingEv", "", TorchExport.C10) is { } read) ((delegate* unmanaged<void>)read)();
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            // the first tensor reports what is wrong with libtorch
        }
    }
}
