using Ablation.Harness.Networks;
using Ablation.Losses;
using Ablation.Losses.Kernels;
using Ablation.Losses.Options;
using TorchSharp;
using static TorchSharp.torch;

namespace Ablation.Harness.Doctor;

/// <summary>What <c>ablation doctor</c> examines.</summary>
/// <param name="Asked">The device as it was asked for: auto, cpu, cuda, cuda:N, mps.</param>
/// <param name="Found">Null if this machine or build does not have it.</param>
/// <param name="DeviceProblem">Why it was not found.</param>
/// <param name="Threads">Threads of libtorch.</param>
/// <param name="Folder">Where results go; need not exist.</param>
public sealed record DoctorSubject(string Asked, Device? Found, string? DeviceProblem, int Threads, string Folder)
{
    /// <exception cref="InvalidOperationException">It was not found; checks that need it are left out then.</exception>
    public Device Device => Found ?? throw new InvalidOperationException($"--device {Asked}: not found");

    public bool IsProcessor => Found?.type == DeviceType.CPU;

    /// <summary>How much is computed; by default small on a processor.</summary>
    public DoctorScale Scale { get; init; } = Found?.type is null or DeviceType.CPU ? DoctorScale.Processor : DoctorScale.Graphics;

    /// <summary>By label; every loss that reflection finds, NPT with more than one negative too.</summary>
    public IReadOnlyDictionary<string, LossOptions> Losses { get; init; } = KnownLosses();

    /// <summary>By name; every network that reflection finds.</summary>
    public IReadOnlyDictionary<string, BackboneOptions> Networks { get; init; } = Known<BackboneOptions>();

    /// <summary>The ways in which this device can compute. A processor has two: with kernels of our own, and as a GPU does.</summary>
    internal IReadOnlyList<ComputingWay> Ways => IsProcessor
        ? [new("", () => null), new("the GPU's way", CpuPath.SwitchOff)] : [new("", () => null)];

    private static Dictionary<string, LossOptions> KnownLosses()
    {
        var known = Known<LossOptions>();
        known["Npt (k 6)"] = new NptOptions { K = 6 };
        return known;
    }

    private static Dictionary<string, TOptions> Known<TOptions>() where TOptions : class => Catalog.RecordsOf<TOptions>()
        .ToDictionary(found => found.Key, found => (TOptions)Activator.CreateInstance(found.Value)!, StringComparer.Ordinal);
}

/// <param name="Name">For a line; empty for the usual one.</param>
/// <param name="Enter">Takes this way until the result is disposed of.</param>
internal sealed record ComputingWay(string Name, Func<IDisposable?> Enter);
