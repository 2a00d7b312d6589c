using Ablation.Harness.Foundations;
using Ablation.Harness.Training;
using Ablation.Losses;
using Ablation.Losses.Heads;
using Ablation.Losses.Passes;
using static TorchSharp.torch;

namespace Ablation.Tests.Training;

/// <summary>The rule that sets the proxies' rate by how long they remember.</summary>
public sealed class ProxyMemoryTests
{
    private static readonly TrainingOptions Half = new()
    {
        LearningRate = 0.1,
        Momentum = 0.9,
        ProxyMemoryEpochs = 0.5,
        Decay = new DecayOptions { Proxies = 1e-3 },
    };

    [Test]
    public void The_factor_is_that_of_the_formula()
    {
        // (1 - 0.9) / (0.1 x 0.001 x 0.5 x 66) = 30.3
        var resolved = ProxyMemory.Resolve(Half, 66);
        Assert.That(resolved.ProxyRateFactor, Is.EqualTo(30.3).Within(0.01));
        Assert.That(resolved, Is.EqualTo(Half with { ProxyMemoryEpochs = null, ProxyRateFactor = resolved.ProxyRateFactor }));
        Assert.That(ProxyMemory.Resolve(Half with { Accumulate = 2 }, 66).ProxyRateFactor, Is.EqualTo(60.6).Within(0.1), "33 steps");
        Assert.That(ProxyMemory.Resolve(Half with { Momentum = 0 }, 66).ProxyRateFactor, Is.EqualTo(303).Within(0.1));
        var none = new TrainingOptions { ProxyRateFactor = 3 };
        Assert.That(ProxyMemory.Resolve(none, 66), Is.SameAs(none));
    }

    /// <summary>
    /// Directions under gradients at right angles to them and inversely as long as they: after the memory's number of steps, 1/e of a
    /// direction is left, whatever the size of the gradients.
    /// </summary>
    [TestCase(1, 0.9)]
    [TestCase(0.02, 0.9)]
    [TestCase(1, 0)]
    public void After_its_memory_a_proxy_keeps_the_eth_part_of_its_direction(double size, double momentum)
    {
        const int perEpoch = 50;
        var training = ProxyMemory.Resolve(Half with { Momentum = momentum, ProxyMemoryEpochs = 1 }, perEpoch);
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var generator = new Generator(5);
        using var loss = new NptOptions().Build(new LossShape(400, 64));
        loss.proxies.copy_(randn(400, 64, generator: generator) * 0.01);
        var rule = new SgdRule(training.Momentum, training.Momentum > 0, training.Decay.Proxies);
        using var sgd = new ProxySgd(loss.Gradient, rule, lazy: false);
        for (var step = 0; step < 8 * perEpoch; step++) Step(); // until their length has settled
        var start = nn.functional.normalize(loss.proxies, dim: 1);
        for (var step = 0; step < perEpoch; step++) Step();
        var kept = (start * nn.functional.normalize(loss.proxies, dim: 1)).sum(1).mean().item<float>();
        Assert.That(kept, Is.EqualTo(Math.Exp(-1)).Within(0.05));

        void Step()
        {
            using var inner = NewDisposeScope();
            var unit = nn.functional.normalize(loss.proxies, dim: 1);
            var pull = randn(400, 64, generator: generator);
            pull -= unit * (pull * unit).sum(1).unsqueeze(1);
            loss.Gradient.Clear();
            loss.Gradient.Add(new SparseRows(arange(400, ScalarType.Int64), pull * size / loss.proxies.norm(1).unsqueeze(1)));
            sgd.Step(training.LearningRate * training.ProxyRateFactor);
        }
    }

    [Test]
    public void A_trial_under_the_rule_equals_one_with_its_factor_and_has_an_id_of_its_own()
    {
        var rule = Tiny.Training with { ProxyMemoryEpochs = 2, Decay = new DecayOptions { Proxies = 0.01 } };
        var microBatches = TrainingSteps.MicroBatches(rule, 64);
        var byHand = ProxyMemory.Resolve(rule, microBatches);
        Assert.That(byHand.ProxyRateFactor, Is.Not.EqualTo(1).Within(0.1), "premise");
        var (one, other) = (Tiny.Run(Tiny.Spec(new NptOptions(), training: rule)), Tiny.Run(Tiny.Spec(new NptOptions(), training: byHand)));
        Assert.That(one.Result.Id, Is.Not.EqualTo(other.Result.Id));
        Assert.That(one.History.Select(point => point.Loss), Is.EqualTo(other.History.Select(point => point.Loss)));
        Assert.That(SpecJson.Write(one.Result.Metrics), Is.EqualTo(SpecJson.Write(other.Result.Metrics)));
        Assert.That(one.Result.Spec.Training.ProxyMemoryEpochs, Is.EqualTo(2), "the specification says what was asked for");
    }

    [Test]
    public void What_contradicts_the_rule_is_said()
    {
        Assert.Multiple(() =>
        {
            Assert.That(ProxyMemory.Problem(Half), Is.Null);
            Assert.That(ProxyMemory.Problem(new TrainingOptions { ProxyRateFactor = 3 }), Is.Null);
            Assert.That(ProxyMemory.Problem(Half with { ProxyRateFactor = 3 }), Does.Contain("give one of them"));
            Assert.That(ProxyMemory.Problem(Half with { Optimizer = OptimizerKind.AdamW }), Does.Contain("sgd alone"));
            Assert.That(ProxyMemory.Problem(Half with { Decay = new DecayOptions { Proxies = 0 } }), Does.Contain("nothing is forgotten"));
            Assert.That(ProxyMemory.Problem(Half, 66 * 32), Is.Null);
            Assert.That(ProxyMemory.Problem(Half, 96), Is.Null, "three steps an epoch need a factor of 667");
            Assert.That(ProxyMemory.Problem(Half, 32), Does.StartWith("proxyMemoryEpochs 0.5 would need 2000 times the rate"));
            Assert.That(ProxyMemory.Problem(Half, 31), Is.Null, "no batch is another problem");
            Assert.That(ProxyMemory.Problem(Half with { ProxyMemoryEpochs = 0.01 }, 66 * 32), Does.StartWith(
                "proxyMemoryEpochs 0.01 would need 1515 times the rate for the proxies, above 1000"));
        });
        using var model = new TinyModel();
        Assert.That(() => new Trainer(model.Backbone, model.Loss, Half, CPU), Throws.ArgumentException);
    }

    [Test]
    public void Both_keys_of_the_rate_are_refused() =>
        Assert.That(() => SpecJson.ReadGiven<TrainingOptions>("""{ "proxyMemoryEpochs": 1, "proxyRateFactor": 1 }"""),
            Throws.Exception.With.Message.Contains("two keys for the proxies' rate"));
}
