using System.Diagnostics;
using Ablation.Harness.Native;
using Ablation.Losses.Heads;
using Ablation.Losses.Kernels.Fused;
using BenchmarkDotNet.Attributes;
using static TorchSharp.torch;

namespace Ablation.Benchmarks;

/// <summary>
/// Times forward, backward and the step of the proxies' optimiser of every loss in each implementation. One clock runs through all three,
/// so that a part is never slower than the whole. Before each iteration it times the products that the loss cannot avoid, by libtorch and
/// by the kernels' multiplication, and the peers on request. So ratios compare measurements close in time, regardless of other load.
/// </summary>
public class LossBenchmark
{
    private const double LeastMilliseconds = 25; // short cases are repeated to make an iteration about this long
    private static readonly TimeSpan SpinningEnds = TimeSpan.FromMilliseconds(150); // the peers' threads spin while they wait for work
    private LossHead head = null!;
    private ProductFloor? own;
    private CaseLedger ledger = null!;
    private int repeats = 1;

    /// <summary>The grid of a run; set it before the run starts, in the same process.</summary>
    public static LossGrid Grid { get; set; } = LossGrid.Standard(full: false);

    /// <summary>The peers that alternate with our runs: with the allocator's default, and tuned as here; null for none.</summary>
    public static (PeerProcess Default, PeerProcess Tuned)? Peers { get; set; }

    /// <summary>Why the peers stopped during the run; null while they run.</summary>
    public static string? PeerProblem { get; set; }

    /// <summary>Called when a case begins.</summary>
    public static Action<LossCase>? Began { get; set; }

    /// <summary>Ends a run: cases that have not begun fail immediately.</summary>
    public static CancellationToken Cancel { get; set; }

    public static IEnumerable<LossCase> Cases => Grid.Cases();

    [ParamsSource(nameof(Cases))]
    public LossCase Case { get; set; } = null!;

    [GlobalSetup]
    public void Build()
    {
        Cancel.ThrowIfCancellationRequested();
        Began?.Invoke(Case);
        TorchNative.Prepare();
        set_num_threads(Grid.Threads);
        using (var small = new LossHead(Case with { Classes = 64 }, Grid.Precision)) small.Run(); // compiles the code and loads libraries
        head = new LossHead(Case, Grid.Precision);
        own = ProductFloor.IsSupported
            ? new ProductFloor(head.Embeddings.detach(), head.Proxies, head.Labels, head.Products, Grid.Threads) : null;
        ledger = CaseLedger.Open(Case);
        head.Floor();
        own?.Run();
        ledger.PeakBytes = PeakMemory.Measure(head.ForwardBackward);
        head.Run();
        repeats = Math.Max(1, (int)(LeastMilliseconds / Math.Max(0.01, head.Run().Step)));
    }

    [IterationSetup]
    public void Neighbours()
    {
        Cancel.ThrowIfCancellationRequested();
        if (Peers is { } peers && Case is { PeerLoss: not null, Implementation: not HeadImplementation.Straight })
        {
            try
            {
                Thread.Sleep(SpinningEnds);
                ledger.PeerDefault.Add(PeerMilliseconds(peers.Default));
                Thread.Sleep(SpinningEnds);
                ledger.PeerTuned.Add(PeerMilliseconds(peers.Tuned));
                Thread.Sleep(SpinningEnds);
            }
            catch (Exception e) when (e is InvalidOperationException or IOException)
            {
                (Peers, PeerProblem) = (null, $"{Case}: {e.Message}"); // our own runs continue without them
                ledger.PeerDefault.Clear();
                ledger.PeerTuned.Clear();
            }
        }

        if (own is not null) ledger.OwnFloor.Add(Milliseconds(own.Run));
        ledger.Floor.Add(Milliseconds(head.Floor));
    }

    [Benchmark(Description = "forward + backward + step")]
    public void Run()
    {
        var sum = default(LossLaps);
        for (var i = 0; i < repeats; i++) sum += head.Run();
        ledger.Laps.Add(sum / repeats);
    }

    [GlobalCleanup]
    public void Free()
    {
        own?.Dispose();
        head.Dispose();
    }

    /// <summary>Milliseconds of forward and backward of losses.py.</summary>
    /// <inheritdoc cref="PeerProcess.Ask" path="/exception"/>
    private double PeerMilliseconds(PeerProcess peer) => peer.Ask(new
    {
        loss = Case.PeerLoss,
        batch = Case.Batch,
        classes = Case.Classes,
        dimension = Case.Dimension,
        k = Case.Negatives,
        repeats,
    }).GetProperty("forward_backward_ms").GetDouble();

    private double Milliseconds(Action run)
    {
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < repeats; i++) run();
        return clock.Elapsed.TotalMilliseconds / repeats;
    }
}
