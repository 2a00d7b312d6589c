using Ablation.Harness;
using Ablation.Harness.Metrics;
using Ablation.Harness.Provenance;
using Ablation.Harness.Training;
using Ablation.Harness.Training.Checkpoints;
using Ablation.Losses.Heads;
using Ablation.Tests.Metrics;

namespace Ablation.Tests.Store;

/// <summary>A finished trial without training: scores and history generated from a seed, metrics computed from the scores.</summary>
internal static class ExampleOutput
{
    public static readonly Pairing Pairing = new("weights", "proxies", "batches");

    public static readonly Divergence Divergence = new(17, [3, 1, 2], 100, "NaN", null, null, 1e30, [null, 4.5]);

    public static TrialOutput Of(TrialSpec spec, string label, int random, Pairing? pairing = null)
    {
        var scores = NaiveVerification.Random(random);
        var history = Enumerable.Range(1, 5).Select(look => new HistoryPoint(look * 4, look, 0.1 / look, 1.0 / (look + random), 1000.0 / 3))
            .ToList();
        var provenance = new TrialProvenance("0123456789ab", "a machine", "an OS", ".NET", "0.106.0", "cpu", 1, DateTimeOffset.UnixEpoch,
            1.25, 64, 8);
        var result = new TrialResult(spec.Id(), label, spec, TrialStatus.Done,
            VerificationMetrics.Metrics(scores, VerificationMetrics.FalseAcceptRates),
            pairing ?? Pairing,
            20, 1000.0 / 3, history[^1].Loss, 0, new HeadChoice(HeadImplementation.Stored, "fused", 8), null, provenance);
        return new TrialOutput(result, history, [scores]);
    }

    public static TrialOutput Diverged(TrialSpec spec, string label)
    {
        var done = Of(spec, label, 1);
        return new TrialOutput(done.Result with { Status = TrialStatus.Diverged, Metrics = [], FinalLoss = null, Divergence = Divergence },
            done.History, []);
    }
}
