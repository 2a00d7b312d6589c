using Ablation.Harness;
using Ablation.Harness.Faces.Synthetic;
using Ablation.Harness.Networks;
using Ablation.Harness.Protocols;
using Ablation.Losses;
using Ablation.Tests.Losses;

namespace Ablation.Tests.Training;

/// <summary>Every loss found by reflection makes a network better at telling strangers apart than it was at its start.</summary>
[Category("Slow")]
public sealed class EveryLossTrainsTests
{
    private static readonly Lazy<double> Untrained = new(() => Auc(new SoftmaxOptions(), epochs: 0));

    private static IEnumerable<LossOptions> Losses() =>
        LossCases.Found().Where(options => options.GetType().Assembly == typeof(FaceLoss).Assembly);

    [TestCaseSource(nameof(Losses))]
    public void Above_the_untrained_network(LossOptions loss)
    {
        var trained = Auc(loss, epochs: 12);
        TestContext.Out.WriteLine($"AUC {trained:F4}, untrained {Untrained.Value:F4}");
        Assert.That(trained, Is.GreaterThan(Untrained.Value + 0.03));
    }

    /// <summary>The area under the curve on pairs of people who are in no training image.</summary>
    private static double Auc(LossOptions loss, int epochs)
    {
        var spec = new TrialSpec(
            loss,
            new SmallOptions { Width = 8, EmbeddingDimension = 32 },
            16,
            new SyntheticOptions { Identities = 32, ImagesPerIdentity = 16, Resolution = 32 },
            [new SyntheticPairsOptions { Pairs = 400, Resolution = 32 }],
            Tiny.Training with { Epochs = epochs, Batch = 32, WarmUpEpochs = epochs == 0 ? 0 : 1 },
            1);
        return Tiny.Run(spec).Result.Metrics.Single(metric => metric.Name == "AUC").Value!.Value;
    }
}
