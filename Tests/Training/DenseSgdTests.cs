using Ablation.Harness.Training;
using static TorchSharp.torch;

namespace Ablation.Tests.Training;

/// <summary>A step of SGD against its formula, by our kernel (float32) and by libtorch (float64).</summary>
public sealed class DenseSgdTests
{
    private const double Rate = 0.1, Decay = 0.05;

    [Test]
    public void Three_steps_follow_the_formula(
        [Values(ScalarType.Float32, ScalarType.Float64)] ScalarType dtype, [Values(0, 0.8)] double momentum, [Values] bool nesterov)
    {
        if (nesterov && momentum == 0) return; // Nesterov needs momentum
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var parameter = new TorchSharp.Modules.Parameter(randn(5, 20, dtype), requires_grad: true);
        using var sgd = new DenseSgd([new Optimizers.Group([parameter], Decay, 1)], momentum, nesterov);
        var (hand, velocity) = (parameter.detach().to(ScalarType.Float64, copy: true), zeros(5, 20, ScalarType.Float64));
        for (var step = 0; step < 3; step++)
        {
            parameter.grad = randn(5, 20, dtype);
            var slope = parameter.grad.to(ScalarType.Float64) + Decay * hand;
            velocity = momentum * velocity + slope;
            hand = hand - Rate * (nesterov ? slope + momentum * velocity : velocity);
            sgd.Step(Rate);
        }

        Assert.That(parameter.detach().to(ScalarType.Float64).allclose(hand, 0, dtype == ScalarType.Float64 ? 1e-14 : 1e-6));
    }
}
