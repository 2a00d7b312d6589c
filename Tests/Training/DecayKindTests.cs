using Ablation.Harness.Networks;
using Ablation.Harness.Training;
using Ablation.Losses;
using Ablation.Losses.Heads;
using TorchSharp.Modules;

namespace Ablation.Tests.Training;

/// <summary>Which one-dimensional parameters decay: those of BN, of PReLU, and biases.</summary>
public sealed class DecayKindTests
{
    private static readonly DecayOptions Decay = new() { Backbone = 0.1, Fc = 0.2, Proxies = 0.3 };

    [Test]
    public void Each_kind_decays_as_its_option_says([Values] bool norms, [Values(null, false, true)] bool? batchNorm,
        [Values(null, false, true)] bool? prelu)
    {
        using var network = new IResNetOptions { Depth = IResNetDepth.R18, EmbeddingDimension = 32 }.Build(16);
        var decays = Decays(network, Decay with { Norms = norms, BatchNorm = batchNorm, Prelu = prelu });
        Assert.Multiple(() =>
        {
            Assert.That(Of<BatchNorm2d>(), Is.All.EqualTo(batchNorm ?? norms ? 0.1 : 0));
            Assert.That(Of<BatchNorm1d>(), Is.All.EqualTo(batchNorm ?? norms ? 0.1 : 0));
            Assert.That(Of<PReLU>(), Is.All.EqualTo(prelu ?? norms ? 0.1 : 0));
            Assert.That(Of<Conv2d>(), Is.All.EqualTo(0.1));
            Assert.That(Of<Linear>(), Is.EquivalentTo(new[] { 0.2, norms ? 0.2 : 0 }), "the weight and the bias of the embedding layer");
        });

        IEnumerable<double> Of<TLayer>() => network.modules().Where(module => module is TLayer)
            .SelectMany(module => module.parameters(recurse: false)).Where(one => one.requires_grad).Select(one => decays[one.Handle])
            .DefaultIfEmpty(double.NaN);
    }

    [Test]
    public void Without_the_options_groups_and_their_order_are_those_that_checkpoints_were_written_with([Values] bool norms)
    {
        using var network = new MobileFaceNetOptions { EmbeddingDimension = 32 }.Build(16);
        using var loss = new SphereFace2Options().Build(new LossShape(5, 32));
        var fc = network.EmbeddingLayer().Select(one => one.Handle).ToHashSet();
        var expected = new[]
        {
            network.parameters().Where(one => !fc.Contains(one.Handle)), network.parameters().Where(one => fc.Contains(one.Handle)),
            loss.parameters(),
        }.SelectMany(part => part.Where(one => one.requires_grad).GroupBy(one => one.dim() > 1)).SelectMany(group => group);
        var groups = Optimizers.Groups(network, loss, new TrainingOptions { Decay = Decay with { Norms = norms } });
        Assert.That(groups.SelectMany(group => group.Parameters).Select(one => one.Handle),
            Is.EqualTo(expected.Select(one => one.Handle)));
    }

    private static Dictionary<nint, double> Decays(Backbone network, DecayOptions decay)
    {
        using var loss = new SoftmaxOptions().Build(new LossShape(5, 32));
        return Optimizers.Groups(network, loss, new TrainingOptions { Decay = decay })
            .SelectMany(group => group.Parameters.Select(one => (one.Handle, group.Decay)))
            .ToDictionary(one => one.Handle, one => one.Decay);
    }
}
