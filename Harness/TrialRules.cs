using Ablation.Harness.Faces;
using Ablation.Harness.Protocols;
using Ablation.Harness.Training;
using Ablation.Losses.Heads;
using Ablation.Losses.Options;

namespace Ablation.Harness;

/// <summary>
/// Finds combinations in a trial that do not fit, once its data are open; each problem names its key in the suite. A trial is checked
/// before it trains, and a whole suite before its first trial (<c>plan</c>, <c>run</c>, <c>submit</c>).
/// </summary>
public static class TrialRules
{
    /// <summary>Lists every problem of a trial; reads no image.</summary>
    public static IEnumerable<string> Problems(TrialSpec spec, FaceSource source, IReadOnlyList<FaceTest> tests) =>
        [.. LossProblems(spec, source), .. TrainingProblems(spec, source), .. StoredName.Problems(tests)];

    /// <summary>Lists loss options that do not fit the number of identities or the network's embedding.</summary>
    public static IEnumerable<string> LossProblems(TrialSpec spec, FaceSource source) =>
        spec.Loss.Problems(new LossShape(source.Identities, spec.Backbone.EmbeddingDimension))
        .Select(problem => $"losses: {source.Name}: {Catalog.NameOf(spec.Loss)}: {problem}");

    /// <summary>Lists batches that the images do not fill, trainings without a step, and augmentation too large for the
    /// resolution.</summary>
    public static IEnumerable<string> TrainingProblems(TrialSpec spec, FaceSource source)
    {
        if (!spec.Backbone.Accepts(spec.Resolution))
            yield return $"resolutions: {Catalog.NameOf(spec.Backbone)} does not take {spec.Resolution} x {spec.Resolution} pixels";
        if (TrainingSteps.Problem(spec.Training, source.Count) is { } steps) yield return $"trainings: {source.Name}: {steps}";
        if (ProxyMemory.Problem(spec.Training, source.Count) is { } memory) yield return $"trainings: {source.Name}: {memory}";
        if (spec.Training.Augment.Problem(spec.Resolution) is { } augment) yield return $"trainings: {augment}";
    }
}
