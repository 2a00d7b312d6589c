using Ablation.Harness.Training;
using static Ablation.Tests.Training.TinyModel;
using static TorchSharp.torch;

namespace Ablation.Tests.Training;

/// <summary>Each step uses the rate of its place in the schedule, for every group of parameters.</summary>
public sealed class RateTests
{
    private static readonly TrainingOptions WarmingUp = Plain with { Batch = 16, Epochs = 3, WarmUpEpochs = 4 };

    [Test]
    public void Three_steps_of_a_warm_up_equal_those_by_hand()
    {
        using var trained = Train(WarmingUp with { ProxyRateFactor = 3 }, 16);
        using var byHand = new TinyModel();
        foreach (var rate in new[] { 0.125, 0.25, 0.375 })
        {
            var (weight, bias, proxies) = byHand.Gradient();
            using var grad = no_grad();
            byHand.Weight.sub_(weight * rate);
            byHand.Bias.sub_(bias * rate);
            byHand.Loss.proxies.sub_(proxies * (3 * rate));
        }

        Assert.That(trained.Run.Steps, Is.EqualTo(3));
        Assert.That(trained.Weight.allclose(byHand.Weight, 1e-4, 1e-6), "weights");
        Assert.That(trained.Bias.allclose(byHand.Bias, 1e-4, 1e-6), "bias");
        Assert.That(trained.Loss.proxies.allclose(byHand.Loss.proxies, 1e-4, 1e-6), "proxies");
        Assert.That(trained.Run.History.Select(point => point.LearningRate), Is.EqualTo(new[] { 0.125, 0.25, 0.375 }).Within(1e-12));
    }

    [Test]
    public void AdamWs_first_step_moves_a_parameter_by_the_rate_of_its_group()
    {
        // bias-corrected, the first step is rate x g / (|g| + 1e-8)
        using var start = new TinyModel();
        var options = WarmingUp with { Epochs = 1, Optimizer = OptimizerKind.AdamW, LearningRate = 0.01, ProxyRateFactor = 3 };
        using var trained = Train(options, 16);
        Assert.That((trained.Weight - start.Weight).abs().max().item<float>(), Is.EqualTo(0.0025).Within(1e-5));
        Assert.That((trained.Loss.proxies - start.Loss.proxies).abs().max().item<float>(), Is.EqualTo(0.0075).Within(1e-5));
    }
}
