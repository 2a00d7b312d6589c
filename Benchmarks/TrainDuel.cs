using System.Diagnostics;
using Ablation.Harness.Batches;
using Ablation.Harness.Faces;
using Ablation.Harness.Networks;
using static TorchSharp.torch;

namespace Ablation.Benchmarks;

/// <summary>
/// Measures one case: the whole loop, the bare network and the peer alternate in rounds, so that ratios compare measurements close in time;
/// then each stage separately.
/// </summary>
internal sealed class TrainDuel : IDisposable
{
    private const int ProductSize = 2048;
    private const long CacheBytes = 4L << 30;
    private static readonly TimeSpan SpinningEnds = TimeSpan.FromMilliseconds(150); // the peer's threads spin while they wait for work
    private readonly TrainCase one;
    private readonly TrainGrid grid;
    private readonly string pack;
    private readonly FaceSource source;
    private readonly TrainSubject subject;
    private readonly WholeLoop whole;
    private readonly BareNetwork bare;
    private readonly ProductPeak product;
    private readonly BackboneCost cost;
    private TrainPeer? peer;

    /// <param name="source">The opened pack; must outlive this.</param>
    public TrainDuel(TrainCase one, TrainGrid grid, string pack, FaceSource source)
    {
        (this.one, this.grid, this.pack, this.source) = (one, grid, pack, source);
        set_num_threads(one.Threads);
        cost = BackboneCost.Measure(one.Backbone, one.Pixels);
        subject = new TrainSubject(one, source.Identities);
        whole = new WholeLoop(subject, source); // sets the memory layout that the bare network relies on
        bare = new BareNetwork(subject);
        product = new ProductPeak(one.Device, ProductSize);
        if (!grid.Peers) return;
        peer = TrainPeer.Start(one, PackFiles.At(pack).Records, source.Identities, cost.Parameters, subject.Options.Augment,
            out var reason);
        Torch = peer?.Torch;
        PeerProblem = peer is null ? reason : null;
    }

    /// <summary>The peer's version; null where it does not run.</summary>
    public string? Torch { get; }

    /// <summary>Why the peer did not run, or stopped.</summary>
    public string? PeerProblem { get; private set; }

    public TrainTiming Run(CancellationToken cancel)
    {
        var (bareSteps, wholeSteps) = (Steps(steps => bare.Run(steps, cancel).ImagesPerSecond),
            Steps(steps => whole.Run(steps, cancel).ImagesPerSecond));
        using var cache = new CachedSource(new LimitedSource(source, wholeSteps * one.Batch), CacheBytes);
        // where a few steps take longer than a turn, decoding is negligible: no turn measures the loop without it
        var caches = wholeSteps > grid.LeastSteps;
        if (caches) whole.Run(cache, wholeSteps, cancel);
        var (peerWhole, peerBare) = (0, 0);
        TrainPeer.Turn first = default;
        Peer(asked =>
        {
            asked.Whole(grid.LeastSteps); // starts its processes
            peerWhole = Steps(steps => (first = asked.Whole(steps)).ImagesPerSecond); // its peak memory, before anything else is measured
            peerBare = Steps(asked.Bare);
        });

        var rounds = new List<Round>();
        for (var round = 0; round < grid.Rounds; round++)
        {
            cancel.ThrowIfCancellationRequested();
            var now = new Round { Product = product.Run(), Bare = bare.Run(bareSteps, cancel), Whole = whole.Run(wholeSteps, cancel) };
            Peer(asked => now.PeerWhole = asked.Whole(peerWhole).ImagesPerSecond);
            Peer(asked => now.PeerBare = asked.Bare(peerBare));
            if (caches) now.Cached = whole.Run(cache, wholeSteps, cancel).ImagesPerSecond;
            rounds.Add(now);
        }

        return Timing(rounds, first, cancel);
    }

    public void Dispose()
    {
        peer?.Dispose();
        product.Dispose();
        bare.Dispose();
        subject.Dispose();
    }

    /// <summary>The rates of one round: images per second; of the product, operations per second.</summary>
    private sealed class Round
    {
        public double Product { get; init; }

        public BareNetwork.Turn Bare { get; init; }

        public WholeLoop.Turn Whole { get; init; }

        public double? Cached { get; set; }

        public double? PeerWhole { get; set; }

        public double? PeerBare { get; set; }
    }

    private TrainTiming Timing(List<Round> rounds, TrainPeer.Turn first, CancellationToken cancel)
    {
        var (evaluation, peerEvaluation) = Evaluation(cancel);
        var data = DataStages.Measure(pack, one.Pixels, subject.Options.Augment, one.Threads, grid.TurnSeconds);
        var parts = Parts(rounds, cancel);
        var stages = new TrainStages(data.Read, data.Decode, data.Augment, one.Batch / parts.Forward, one.Batch / parts.Loss,
            one.Batch / parts.Backward, one.Batch / parts.Step, evaluation);
        return new TrainTiming(one, source.Name, rounds.Count, Middle(round => round.Whole.ImagesPerSecond)!.Value,
            Middle(round => round.Bare.ImagesPerSecond)!.Value,
            MedianInterval.Compute([.. rounds.Select(round => round.Whole.ImagesPerSecond / round.Bare.ImagesPerSecond)]), cost, stages,
                Middle(round => round.Product)!.Value)
        {
            Cached = Middle(round => round.Cached),
            WaitedShare = Middle(round => round.Whole.WaitedShare),
            Peer = peer is null
                ? null : new TrainPeerTiming(Middle(round => round.PeerWhole)!.Value, Middle(round => round.PeerBare)!.Value,
                    peerEvaluation,
                MedianInterval.Compute([.. rounds.Select(round => round.Whole.ImagesPerSecond / round.PeerWhole!.Value)]), first.PeakBytes,
                    first.WorkerBytes),
        };

        double? Middle(Func<Round, double?> value) =>
            rounds.All(round => value(round) is not null) ? MedianInterval.Middle([.. rounds.Select(round => value(round)!.Value)]) : null;
    }

    /// <summary>Returns the parts of the round with the median bare rate (of an even number the faster), so that no part is slower than the
    /// step; measured separately where rounds have none.</summary>
    private BareNetwork.Parts Parts(List<Round> rounds, CancellationToken cancel)
    {
        if (rounds.OrderBy(round => round.Bare.ImagesPerSecond).ElementAt(rounds.Count / 2).Bare.Parts is { } middle) return middle;
        var parts = new List<BareNetwork.Parts>();
        for (var clock = Stopwatch.StartNew(); parts.Count < grid.LeastSteps || clock.Elapsed.TotalSeconds < grid.TurnSeconds;)
        {
            cancel.ThrowIfCancellationRequested();
            parts.Add(bare.Apart());
        }

        return new BareNetwork.Parts(Middle(part => part.Forward), Middle(part => part.Loss), Middle(part => part.Backward),
            Middle(part => part.Step));

        double Middle(Func<BareNetwork.Parts, double> part) => MedianInterval.Middle([.. parts.Select(part)]);
    }

    /// <summary>Measures our evaluation and the peer's alternately, three turns each after a warm-up.</summary>
    private (double Ours, double? Peer) Evaluation(CancellationToken cancel)
    {
        var (ours, theirs) = (new List<double>(), new List<double>());
        using var test = new DecodedProtocol(source, one.Batch);
        var count = Steps(steps => test.Embed(subject, steps, cancel), least: 1);
        var peerCount = 0;
        Peer(asked => peerCount = Steps(asked.Evaluate, least: 1));
        for (var turn = 0; turn < 3; turn++)
        {
            ours.Add(test.Embed(subject, count, cancel));
            Peer(asked => theirs.Add(asked.Evaluate(peerCount)));
        }

        return (MedianInterval.Middle(ours), peer is null ? null : MedianInterval.Middle(theirs));
    }

    /// <summary>Warms a contestant up and returns how many steps fill a turn.</summary>
    private int Steps(Func<int, double> imagesPerSecond, int least = 0)
    {
        imagesPerSecond(1);
        var rate = imagesPerSecond(2);
        return Math.Max(least > 0 ? least : grid.LeastSteps, (int)Math.Ceiling(grid.TurnSeconds * rate / one.Batch));
    }

    /// <summary>Runs the peer's turn, if there is a peer; if it fails, our turns continue without it.</summary>
    private void Peer(Action<TrainPeer> turn)
    {
        if (peer is null) return;
        try
        {
            turn(peer);
            Thread.Sleep(SpinningEnds);
        }
        catch (Exception e) when (TrainPeer.Failed(e))
        {
            PeerProblem = e.Message;
            peer.Dispose();
            peer = null;
        }
    }
}
