using Ablation.Losses.Kernels;
using TorchSharp;

namespace Ablation.Harness.Native;

/// <summary>Switches of libtorch that decide whether a CUDA device computes the same bits twice.</summary>
/// <param name="DeterministicCudnn">cuDNN takes only deterministic convolutions.</param>
/// <param name="BenchmarkCudnn">cuDNN tries out algorithms and takes the fastest, which may differ from run to run.</param>
/// <param name="DeterministicAlgorithms">libtorch takes its deterministic kernels where it has them.</param>
/// <param name="WarnOnly">An operation without a deterministic kernel runs nevertheless.</param>
/// <param name="FillsUninitialised">With deterministic algorithms, new tensors are filled with NaN: a pass over memory each.</param>
public readonly record struct DeterminismSwitches(bool DeterministicCudnn, bool BenchmarkCudnn, bool DeterministicAlgorithms, bool WarnOnly,
    bool FillsUninitialised);

/// <summary>Makes a CUDA device compute deterministically, by exports of libtorch that TorchSharp does not offer.</summary>
/// <remarks>The names were read from the export tables of torch_cpu 2.10.0 for Linux and for Windows, without CUDA; a library with CUDA
/// was not at hand.</remarks>
public static unsafe class DeterministicDevice
{
    /// <summary>What a training on CUDA uses. An operation without a deterministic kernel does not end it: `doctor` shows what
    /// differs.</summary>
    public static readonly DeterminismSwitches Wanted = new(DeterministicCudnn: true, BenchmarkCudnn: false, DeterministicAlgorithms: true,
        WarnOnly: true, FillsUninitialised: false);

    private const string WorkspaceVariable = "CUBLAS_WORKSPACE_CONFIG";
    private const string Workspace = ":4096:8"; // cuBLAS is deterministic with a workspace of fixed size; NVIDIA's documentation names it
    private const string Cure = "results on a GPU may differ from run to run";

    /// <summary>Prepares the device before its first operation. Does nothing for other devices than CUDA, which need nothing.</summary>
    /// <returns>What could not be set, and what follows; null if everything is set.</returns>
    public static string? Prepare(torch.Device device)
    {
        if (device.type != DeviceType.CUDA) return null;
        var workspace = NativeEnvironment.SetDefault(WorkspaceVariable, Workspace);
        try
        {
            Set(Wanted);
        }
        catch (PlatformNotSupportedException e)
        {
            return e.Message;
        }

        return workspace is Workspace or ":16:8" ? null
            : $"{WorkspaceVariable} is {workspace}, with which cuBLAS is not deterministic; unset it, or set it to {Workspace}";
    }

    /// <exception cref="PlatformNotSupportedException">This libtorch lacks a switch.</exception>
    internal static void Set(DeterminismSwitches switches)
    {
        var context = Context();
        Call(Find("_ZN2at7Context21setDeterministicCuDNNEb", "?setDeterministicCuDNN@Context@at@@QEAAX_N@Z"), switches.DeterministicCudnn);
        Call(Find("_ZN2at7Context17setBenchmarkCuDNNEb", "?setBenchmarkCuDNN@Context@at@@QEAAX_N@Z"), switches.BenchmarkCudnn);
        Call(Find("_ZN2at7Context39setDeterministicFillUninitializedMemoryEb",
            "?setDeterministicFillUninitializedMemory@Context@at@@QEAAX_N@Z"), switches.FillsUninitialised);
        var algorithms = Find("_ZN2at7Context26setDeterministicAlgorithmsEbb", "?setDeterministicAlgorithms@Context@at@@QEAAX_N0@Z");
        ((delegate* unmanaged[Cdecl]<nint, byte, byte, void>)algorithms)(context, Byte(switches.DeterministicAlgorithms),
            Byte(switches.WarnOnly));

        void Call(nint setter, bool value) => ((delegate* unmanaged[Cdecl]<nint, byte, void>)setter)(context, Byte(value));
    }

    /// <summary>Reads the switches in force.</summary>
    /// <exception cref="PlatformNotSupportedException">This libtorch does not report one.</exception>
    internal static DeterminismSwitches Read()
    {
        var context = Context();
        return new DeterminismSwitches(
            Ask("_ZNK2at7Context18deterministicCuDNNEv", "?deterministicCuDNN@Context@at@@QEBA_NXZ"),
            Ask("_ZNK2at7Context14benchmarkCuDNNEv", "?benchmarkCuDNN@Context@at@@QEBA_NXZ"),
            Ask("_ZNK2at7Context23deterministicAlgorithmsEv", "?deterministicAlgorithms@Context@at@@QEBA_NXZ"),
            Ask("_ZNK2at7Context31deterministicAlgorithmsWarnOnlyEv", "?deterministicAlgorithmsWarnOnly@Context@at@@QEBA_NXZ"),
            Ask("_ZNK2at7Context36deterministicFillUninitializedMemoryEv",
                "?deterministicFillUninitializedMemory@Context@at@@QEBA_NXZ"));

        bool Ask(string itanium, string microsoft) =>
            ((delegate* unmanaged[Cdecl]<nint, byte>)Find(itanium, microsoft))(context) != 0;
    }

    private static byte Byte(bool value) => value ? (byte)1 : (byte)0;

    private static nint Context() =>
        ((delegate* unmanaged[Cdecl]<nint>)Find("_ZN2at13globalContextEv", "?globalContext@at@@YAAEAVContext@1@XZ"))();

    private static nint Find(string itanium, string microsoft) => TorchExport.Find(itanium, microsoft, Cure);
}
