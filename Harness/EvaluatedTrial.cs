using Ablation.Harness.Embedding;
using Ablation.Harness.Metrics;
using Ablation.Harness.Protocols;
using Ablation.Harness.Theory;
using Ablation.Harness.Training;

namespace Ablation.Harness;

/// <summary>The scores of a trial's tests, and the figures computed from them; empty if the training was not completed.</summary>
internal sealed record EvaluatedTrial(IReadOnlyList<TestScores> Scores, IReadOnlyList<Metric> Metrics, IReadOnlyList<DataOverlap> Overlaps)
{
    private const long EmbeddingBytes = 1L << 30;

    /// <summary>Of a trial that cannot be tested.</summary>
    public static EvaluatedTrial None { get; } = new([], [], []);

    /// <summary>Embeds the images of every test and scores them.</summary>
    /// <exception cref="UnsoundEmbeddingException">The network gives embeddings that are zero or not finite.</exception>
    /// <exception cref="TrialInterruptedException">A soft stop was requested, between two tests.</exception>
    public static EvaluatedTrial Evaluate(PreparedTrial trial, TrainedTrial trained, ImageEmbedder network, CancellationToken cancel)
    {
        var (tests, control) = (trial.Tests.All, trial.Control);
        var scores = new List<TestScores>();
        var overlaps = new List<DataOverlap>();
        var embeddings = tests.Count > 1 ? EmbeddingCache.InMemory(EmbeddingBytes) : null; // tests may share images
        foreach (var test in trained.Status == TrialStatus.Done ? tests : [])
        {
            if (control.Stop.IsCancellationRequested) throw new TrialInterruptedException(trained.Run.Steps);
            var found = test.Score(Embedder.Embed(network, test, trial.EvaluationBatches, embeddings, cancel), cancel);
            scores.AddRange(found);
            var overlap = DataOverlap.Find(trial.Source, test);
            overlaps.AddRange(found.Select(part => overlap with { Test = part.Test }));
            control.Watch?.Test(test.Name);
        }

        if (scores.GroupBy(part => part.Test, StringComparer.OrdinalIgnoreCase).FirstOrDefault(clash => clash.Count() > 1) is { } twice)
            throw new ArgumentException($"tests: two give scores called \"{twice.Key}\"; give one of them another name");
        return new EvaluatedTrial(scores, [.. scores.SelectMany(score => score.Metrics())], overlaps);
    }

    /// <summary>
    /// Measures the paper's properties on training images. Returns null and reports the reason to the watch if that is not possible.
    /// </summary>
    public static TheoryFigures? MeasureTheory(PreparedTrial trial, ImageEmbedder network, CancellationToken cancel) =>
        TheoryMeasure.Measure(trial.Source, network, trial.Loss, trial.Spec.Seed, trial.Spec.Training.OnBadImage,
            trial.EvaluationBatches, trial.Place.Device, line => trial.Control.Watch?.Report(line), cancel);
}
