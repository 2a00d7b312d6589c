using Ablation.Harness.Faces;
using Ablation.Harness.Protocols;
using Ablation.Harness.Training;
using Ablation.Losses.Heads;
using Ablation.Losses.Options;

namespace Ablation.Harness;

/// <summary>
/// Finds what does not fit together in a trial once its data are open; each problem names its key of a suite. The trial itself checks
/// before it trains, and a whole suite is checked before its first trial (<c>plan</c>, <c>run</c>, <c>submit</c>).
/// </summary>
public static class TrialRules
{
    /// <summary>Every problem of a trial; reads no image.</summary>
    public static IEnumerable<string> Problems(TrialSpec spec, FaceSource source, IReadOnlyList<FaceTest> tests) =>
        [.. LossProblems(spec, source), .. TrainingProblems(spec, source), .. TestProblems(tests)];

    /// <summary>Options that do not fit the identities that are there, or the network's embedding.</summary>
    public static IEnumerable<string> LossProblems(TrialSpec spec, FaceSource source) =>
        spec.Loss.Problems(new LossShape(source.Identities, spec.Backbone.EmbeddingDimension))
        .Select(problem => $"losses: {source.Name}: {Catalog.NameOf(spec.Loss)}: {problem}");

    /// <summary>Batches that the images do not fill, a training without a step, augmentation that the resolution has no room for.</summary>
    public static IEnumerable<string> TrainingProblems(TrialSpec spec, FaceSource source)
    {
        if (!spec.Backbone.Accepts(spec.Resolution))
            yield return $"resolutions: {Catalog.NameOf(spec.Backbone)} does not take {spec.Resolution} x {spec.Resolution} pixels";
        if (TrainingSteps.Problem(spec.Training, source.Count) is { } steps) yield return $"trainings: {source.Name}: {steps}";
        if (spec.Training.Augment.Problem(spec.Resolution) is { } augment) yield return $"trainings: {augment}";
    }

    /// <summary>Names under which scores cannot be stored beside each other.</summary>
    public static IEnumerable<string> TestProblems(IReadOnlyList<FaceTest> tests) => StoredName.Problems(tests);
}
