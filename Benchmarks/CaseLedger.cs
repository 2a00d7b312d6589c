namespace Ablation.Benchmarks;

/// <summary>The measurements in and beside the iterations of one case; warm-up iterations come first.</summary>
public sealed class CaseLedger
{
    private static readonly Dictionary<LossCase, CaseLedger> All = [];

    private CaseLedger()
    {
    }

    /// <summary>The parts of a pass, one entry per iteration: the mean over its runs.</summary>
    public List<LossLaps> Laps { get; } = [];

    /// <summary>Peak memory of a run above what the head holds anyway; null where it cannot be measured.</summary>
    public long? PeakBytes { get; set; }

    /// <summary>Milliseconds of the unavoidable products through libtorch, one entry per iteration.</summary>
    public List<double> Floor { get; } = [];

    /// <summary>The same by the fused kernels' own multiplication.</summary>
    public List<double> OwnFloor { get; } = [];

    /// <summary>Milliseconds of the peer, forward and backward, with the allocator's default settings.</summary>
    public List<double> PeerDefault { get; } = [];

    /// <summary>The same with the settings that this program uses.</summary>
    public List<double> PeerTuned { get; } = [];

    public static CaseLedger Open(LossCase one) => All[one] = new CaseLedger();

    public static CaseLedger? Find(LossCase one) => All.GetValueOrDefault(one);

    /// <summary>Removes the ledgers of an earlier run.</summary>
    public static void Clear() => All.Clear();
}
