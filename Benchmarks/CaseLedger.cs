namespace Ablation.Benchmarks;

/// <summary>What was measured beside the iterations of one case and method; warm-up iterations come first.</summary>
public sealed class CaseLedger
{
    private static readonly Dictionary<(LossCase, string), CaseLedger> All = [];

    private CaseLedger(string method) => Method = method;

    /// <summary>The benchmark's method.</summary>
    public string Method { get; }

    /// <summary>Runs in an iteration.</summary>
    public int Repeats { get; set; } = 1;

    /// <summary>Most memory of a run above what the head holds anyway; null where it cannot be measured.</summary>
    public long? PeakBytes { get; set; }

    /// <summary>Milliseconds of the unavoidable products through libtorch, an entry an iteration.</summary>
    public List<double> Floor { get; } = [];

    /// <summary>The same by the fused kernels' own multiplication.</summary>
    public List<double> OwnFloor { get; } = [];

    /// <summary>Milliseconds of the peer, forward and backward, with the allocator's default settings.</summary>
    public List<double> PeerDefault { get; } = [];

    /// <summary>The same with the settings that this program gives itself.</summary>
    public List<double> PeerTuned { get; } = [];

    public static CaseLedger Open(LossCase one, string method) => All[(one, method)] = new CaseLedger(method);

    public static CaseLedger? Find(LossCase one, string method) => All.GetValueOrDefault((one, method));

    /// <summary>Forgets an earlier run's.</summary>
    public static void Clear() => All.Clear();
}
