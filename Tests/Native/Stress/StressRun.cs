using System.Diagnostics;
using Ablation.Harness.Networks;
using Ablation.Harness.Training;
using Ablation.Losses;
using Ablation.Tests.Training;

namespace Ablation.Tests.Native.Stress;

/// <summary>The result of a stress.</summary>
/// <param name="Calls">Number of calls of single operations.</param>
/// <param name="Passes">Number of forward and backward passes of a loss.</param>
/// <param name="Trials">Number of whole trials, by AdamW and by SGD.</param>
/// <param name="Errors">Operations that threw or gave another number than without forced collections.</param>
internal sealed record StressOutcome(long Calls, long Passes, long Trials, int Collections, IReadOnlyList<string> Errors)
{
    public override string ToString() =>
        $"{Calls} calls, {Passes} loss passes, {Trials} trials, {Collections} collections, {Errors.Count} errors";
}

/// <summary>
/// The work of the product with forced collections. Each piece runs without them first and must give the same number each
/// time.
/// One thread works, because libtorch's random number generator belongs to the whole process.
/// </summary>
internal static class StressRun
{
    /// <summary>Printed when the program is loaded and libtorch computes: later failures are failures of the work. The original file may
    /// fail before any forced collection.</summary>
    public const string Begun = "libtorch computes; the work begins";

    private const int CallsInTurn = 20;

    public static StressOutcome For(TimeSpan length, bool untilFirst)
    {
        using (var first = Operands.Matrix()) Console.WriteLine(first.dim() == 2 ? Begun : "libtorch does not compute");
        var operations = UsedOperations.All().Select(Operation.Of).OfType<Operation>().ToList();
        var passes = LossPasses.All();
        var trials = Enum.GetValues<OptimizerKind>().Select(Trial).ToList();
        Console.WriteLine("done in quiet; collections begin");
        using var stop = new CancellationTokenSource();
        var collections = 0;
        var collector = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                GC.Collect(++collections % 8 == 0 ? GC.MaxGeneration : 0, GCCollectionMode.Forced, blocking: true);
                GC.WaitForPendingFinalizers();
            }
        });
        collector.Start();
        var (errors, counts, clock) = (new List<string>(), new long[3], Stopwatch.StartNew());
        for (var round = 0; clock.Elapsed < length && !(untilFirst && errors.Count > 0); round++)
        {
            foreach (var operation in operations) Repeat(operation, CallsInTurn, 0);
            foreach (var pass in passes) Repeat(pass, 1, 1);
            if (round % 4 == 0) Repeat(trials[round / 4 % trials.Count], 1, 2);
        }

        stop.Cancel();
        collector.Join();
        return new StressOutcome(counts[0], counts[1], counts[2], collections, errors);

        void Repeat(Operation work, int times, int kind)
        {
            for (var i = 0; i < times && clock.Elapsed < length && !(untilFirst && errors.Count > 0); i++, counts[kind]++)
            {
                if (work.Check() is { } error) errors.Add(error);
            }
        }
    }

    /// <summary>A trial of a second: network, loss, loop, optimiser, test, theory. Its digest is the hash of its weights.</summary>
    private static Operation Trial(OptimizerKind optimiser)
    {
        var spec = Tiny.Spec(new SphereFaceOptions(), training: Tiny.Training with { Optimizer = optimiser, LearningRate = 1e-3 })
            with
        { Backbone = new SmallOptions { Width = 16, EmbeddingDimension = 16 } };
        object Weights() => Convert.ToInt64(Tiny.Run(spec).Result.Weights![..12], 16);
        return new Operation($"a trial with {optimiser}", Weights, (long)Weights());
    }
}
