using Ablation.Harness;
using Ablation.Harness.Metrics;
using Ablation.Harness.Training.Checkpoints;

namespace Ablation.Experiments.Keeping;

/// <summary>
/// What was measured while and after a network was trained, as figures of the "test" named training: docs/theory.md defines them. None is
/// better or worse.
/// </summary>
internal static class TrainingFigures
{
    public const string Test = "training";

    /// <summary>Returns those that the trial has; trials of earlier versions have fewer.</summary>
    /// <param name="history">Its log points.</param>
    public static IEnumerable<Metric> Of(TrialResult result, IReadOnlyList<HistoryPoint> history)
    {
        if (result.Theory is { } theory)
        {
            yield return new Metric(Test, "A1", "mean cosine of proxy and class mean", theory.ProxyMeanCosine.Mean, null,
                theory.Identities);
            yield return new Metric(Test, "Property1", "share of images", theory.NearestIsOwn, null, theory.Images);
            var bound = theory.Separability;
            yield return new Metric(Test, "separable", "share of identities whose own bound is above 0 and holds",
                (1 - bound.VoidIdentities) * (bound.HoldingIdentities ?? 0), null, theory.Identities);
            yield return new Metric(Test, "unbound", "share of identities whose own bound says nothing",
                bound.VoidIdentities, null, theory.Identities);
            yield return new Metric(Test, "mined", "share of images whose nearest negative proxy is of the nearest other class mean",
                theory.Mining.ClassMean, null, theory.Images);
        }

        List<HistoryPoint> measured = [.. history.Where(point => point.Motion is not null)];
        if (measured.Count == 0) yield break;
        var middle = measured[^1].Epoch / 2;
        yield return Mean("turn", "degrees an epoch, first half",
            point => point.Epoch <= middle ? point.Motion!.DegreesPerEpoch : null);
        yield return Mean("late-turn", "degrees an epoch, second half",
            point => point.Epoch > middle ? point.Motion!.DegreesPerEpoch : null);
        yield return Mean("touched", "share of the proxies", point => point.Motion!.Touched);
        yield return Mean("shared", "share of the proxies", point => point.Motion!.Effective);
        yield return new Metric(Test, "bias", "share of an embedding, last log point", measured[^1].Motion!.BiasShare, null, 1);
        if (measured.Exists(point => point.Angles?.Hinges is not null))
            yield return Mean("active", "share of the samples", point => point.Angles?.Hinges?.Samples);

        Metric Mean(string name, string estimator, Func<HistoryPoint, double?> value)
        {
            List<double> values = [.. measured.Select(value).OfType<double>()];
            return new Metric(Test, name, estimator, values.Count > 0 ? values.Average() : null, null, values.Count);
        }
    }
}
