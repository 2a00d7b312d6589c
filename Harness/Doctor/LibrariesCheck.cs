using System.Diagnostics;
using Ablation.Harness.Native;
using Ablation.Losses.Kernels;
using TorchSharp;

namespace Ablation.Harness.Doctor;

/// <summary>The native libraries: the C++ runtime that they need, libtorch and what it reports of itself, its switches.</summary>
public sealed class LibrariesCheck : IDoctorCheck
{
    private const string Reinstall = "build or publish the program again; ABLATION_LIBTORCH must name a libtorch of the same version";

    public string Title => "Libraries";

    public int Place => 20;

    public bool NeedsDevice => false;

    public IEnumerable<CheckLine> Run(DoctorSubject on, CancellationToken cancel)
    {
        var runtime = VisualCRuntime.Problem();
        yield return runtime is null
            ? CheckLine.Ok("C++ runtime", OperatingSystem.IsWindows() ? "Microsoft's is installed" : "the system's")
            : CheckLine.Failed("C++ runtime", "a part of it is missing", runtime);
        if (runtime is not null) yield break; // an attempt to load libtorch would end the process
        yield return CheckLine.Ok("TorchSharp", typeof(torch).Assembly.GetName().Version!.ToString(3));
        var versions = NativeVersions.Current;
        yield return versions.Libtorch is null
            ? CheckLine.Failed("libtorch", "could not be loaded, or does not report its version", Reinstall)
            : CheckLine.Ok("libtorch", versions.ToString());
        if (versions.Libtorch is null) yield break;
        yield return LoadedFrom();
        yield return Switches();
        if (on.Found?.type != DeviceType.CUDA) yield break;
        var cuda = CudaVersions.Read();
        yield return cuda.Runtime is null || cuda.Driver is null
            ? CheckLine.Absent("CUDA", $"runtime {cuda.Runtime ?? "not known"}, driver for {cuda.Driver ?? "not known"}")
            : CheckLine.Ok("CUDA", $"runtime {cuda.Runtime}, driver for {cuda.Driver}");
    }

    /// <summary>Lists the files of libtorch in this process: a second copy would compute beside the first.</summary>
    private static CheckLine LoadedFrom()
    {
        using var own = Process.GetCurrentProcess();
        var name = TorchExport.FileName(TorchExport.TorchCpu);
        var files = own.Modules.Cast<ProcessModule>().Select(module => module.FileName)
            .Where(file => Path.GetFileName(file).Equals(name, StringComparison.OrdinalIgnoreCase)).Distinct().ToList();
        return files.Count switch
        {
            0 => CheckLine.Absent("libtorch from", "the system does not list the libraries of a process"),
            1 => CheckLine.Ok("libtorch from",
                $"{(LibtorchFolder.Taken is null ? "the package" : LibtorchFolder.Variable)}: {Path.GetDirectoryName(files[0])}"),
            _ => CheckLine.Failed("libtorch from", $"two copies: {string.Join(", ", files)}", Reinstall),
        };
    }

    private static CheckLine Switches()
    {
        const string name = "determinism";
        try
        {
            var now = DeterministicDevice.Read();
            return CheckLine.Ok(name, $"libtorch has the switches of cuDNN and of its algorithms, used on CUDA (now " +
                $"{(now.DeterministicAlgorithms ? "on" : "off")})");
        }
        catch (PlatformNotSupportedException e)
        {
            return CheckLine.Absent(name, e.Message);
        }
    }
}
