using Ablation.Experiments.Suites;
using Ablation.Harness;
using Ablation.Harness.Faces.Synthetic;
using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;
using Ablation.Harness.Networks;
using Ablation.Harness.Protocols;
using Ablation.Harness.Provenance;
using Ablation.Harness.Training;
using Ablation.Harness.Training.Checkpoints;
using Ablation.Losses;
using Ablation.Losses.Heads;

namespace Ablation.Experiments.Store;

/// <summary>
/// Generates a suite with random scores and curves in the files that trials write, without training. Used to measure how long it takes to
/// read a large store.
/// </summary>
/// <param name="Losses">Rows of a table, without the untrained network.</param>
/// <param name="Trainings">Number of conditions: one network and resolution with this many trainings.</param>
/// <param name="Pairs">Pairs of its only test.</param>
public sealed record MadeUpStore(int Losses, int Trainings, int Seeds, int Pairs)
{
    private const int Folds = 10;
    private const int LogPoints = 100;

    /// <summary>Returns a grid with about this many trials: up to twenty seeds and ten losses.</summary>
    public static MadeUpStore Describe(int trials, int pairs)
    {
        var seeds = Math.Clamp(trials, 1, 20);
        var losses = Math.Clamp(trials / seeds, 1, 10);
        return new MadeUpStore(losses, Math.Max(1, trials / (seeds * losses)), seeds, pairs);
    }

    public Suite Suite => new()
    {
        Name = "made-up",
        Question = "How long does it take to read a large store?",
        Data = [new SyntheticOptions()],
        Tests = [new SyntheticPairsOptions { Pairs = Pairs }],
        Losses = [.. Enumerable.Range(0, Losses).Select(i => new ArcFaceOptions { MarginRadians = Math.Round(0.1 + 0.05 * i, 2) })],
        Backbones = [new SmallOptions()],
        Resolutions = [32],
        Trainings = [.. Enumerable.Range(0, Trainings).Select(i => new TrainingOptions { LearningRate = 0.1 + 0.001 * i })],
        Seeds = [.. Enumerable.Range(1, Seeds)],
        Untrained = false,
    };

    /// <exception cref="IOException">The disk is full.</exception>
    public void Write(ResultStore store)
    {
        var trials = Suite.Trials();
        Parallel.For(0, trials.Count, i => store.Save(Output(trials[i], new Random(i))));
    }

    /// <summary>
    /// Rewrites the results as versions before checksums did: nothing of them is checked when they are read. The arrays of scores keep
    /// their own hashes, which those versions had too.
    /// </summary>
    public void RemoveChecksums(ResultStore store) => Parallel.ForEach(Suite.Trials().Select(trial => trial.Spec.Id()), id =>
        AtomicFile.Write(Path.Combine(store.TrialFolder(id), "result.json"), SpecJson.Write(store.Load(id)! with { Files = null })));

    private TrialOutput Output(PlannedTrial trial, Random random)
    {
        var scores = Scores(random, trial.Spec.Loss is ArcFaceOptions { MarginRadians: var margin } ? margin : 0);
        var history = Enumerable.Range(1, LogPoints)
            .Select(point =>
                new HistoryPoint(20 * point, 0.2 * point, 0.1 / point, 8.0 / point + random.NextDouble(), 300 + 20 * random.NextDouble()))
                .ToList();
        var pairing = new Pairing(Digits(trial.Spec.Seed), Digits(-trial.Spec.Seed), Digits(trial.Spec.Seed + 1000));
        var provenance = new TrialProvenance("0123456789ab", "made up", "none", ".NET", "0", "cpu", 1, DateTimeOffset.UnixEpoch,
            60 + 10 * random.NextDouble(), 10000, 500);
        var result = new TrialResult(trial.Spec.Id(), trial.Label, trial.Spec, TrialStatus.Done,
            VerificationMetrics.Metrics(scores, VerificationMetrics.FalseAcceptRates), pairing,
            20 * LogPoints, 310, history[^1].Loss, 0, new HeadChoice(HeadImplementation.Stored, "fused", 500), null, provenance);
        return new TrialOutput(result, history, [scores]);
    }

    /// <summary>Returns squared distances of overlapping genuine and impostor pairs; a larger margin separates them a bit more.</summary>
    private PairScores Scores(Random random, double margin)
    {
        var (distance, same, fold) = (new float[Pairs], new bool[Pairs], new int[Pairs]);
        for (var i = 0; i < Pairs; i++)
        {
            same[i] = i % 2 == 0;
            fold[i] = i * Folds / Pairs;
            var spread = (random.NextDouble() + random.NextDouble() + random.NextDouble()) / 3;
            distance[i] = (float)(same[i] ? 1.6 * spread : 0.8 + margin + 2 * spread);
        }

        return new PairScores("made-up pairs", distance, same, fold, Folds);
    }

    private static string Digits(int seed) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(seed)));
}
