using Ablation.Harness.Training;
using static Ablation.Tests.Training.TinyModel;
using static TorchSharp.torch;

namespace Ablation.Tests.Training;

/// <summary>Two steps of each optimiser against its formula, on one batch of 16 faces.</summary>
public sealed class OptimizerTests
{
    private const double Rate = 0.2, Momentum = 0.8, Decay = 0.05;
    private static readonly TrainingOptions TwoSteps = Plain with
    {
        Batch = 16,
        Epochs = 2,
        LearningRate = Rate,
        Decay = new DecayOptions { Fc = Decay, Proxies = Decay }
    };

    [Test]
    public void SGD_with_momentum_takes_two_steps_by_the_formula([Values] bool nesterov)
    {
        using var hand = new TinyModel();
        Tensor? weightBuffer = null, biasBuffer = null, proxyBuffer = null;
        for (var step = 0; step < 2; step++)
        {
            var (weight, bias, proxies) = hand.Gradient();
            using var grad = no_grad();
            Move(hand.Weight, weight + Decay * hand.Weight, ref weightBuffer);
            Move(hand.Bias, bias, ref biasBuffer); // one-dimensional: no decay
            Move(hand.Loss.proxies, proxies + Decay * hand.Loss.proxies, ref proxyBuffer);
        }

        using var trained = Train(TwoSteps with { Momentum = Momentum, Nesterov = nesterov }, 16);
        Alike(trained, hand, 1e-5);

        void Move(Tensor parameter, Tensor gradient, ref Tensor? buffer)
        {
            buffer = buffer is null ? gradient.clone() : Momentum * buffer + gradient;
            parameter.sub_(Rate * (nesterov ? gradient + Momentum * buffer : buffer));
        }
    }

    [Test]
    public void AdamW_takes_a_step_by_the_formula()
    {
        using var hand = new TinyModel();
        var (weight, bias, proxies) = hand.Gradient();
        using (no_grad())
        {
            Move(hand.Weight, weight, Decay);
            Move(hand.Bias, bias, 0);
            Move(hand.Loss.proxies, proxies, Decay);
        }

        using var trained = Train(TwoSteps with { Epochs = 1, Optimizer = OptimizerKind.AdamW }, 16);
        Alike(trained, hand, 1e-4);

        // at the first step the corrected moments are the gradient and its square
        static void Move(Tensor parameter, Tensor gradient, double decay) =>
            parameter.mul_(1 - Rate * decay).sub_(Rate * gradient / (gradient.abs() + 1e-8));
    }

    private static void Alike(TinyModel trained, TinyModel hand, double tolerance)
    {
        Assert.That(trained.Weight.allclose(hand.Weight, tolerance, 1e-6), "weights");
        Assert.That(trained.Bias.allclose(hand.Bias, tolerance, 1e-6), "bias");
        Assert.That(trained.Loss.proxies.allclose(hand.Loss.proxies, tolerance, 1e-6), "proxies");
    }
}
