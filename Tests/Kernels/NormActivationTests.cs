using Ablation.Harness.Kernels;
using Ablation.Harness.Networks;
using Ablation.Losses.Kernels.Fused;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Tests.Kernels;

public sealed class NormActivationTests
{
    private const double Close = 5e-6;

    [SetUp]
    public void NeedsVectors()
    {
        if (!MicroKernel.IsSupported) Assert.Ignore("this processor has no vectors for the kernels");
    }

    private static IEnumerable<TestCaseData> Cases()
    {
        foreach (var plus in new[] { false, true })
        {
            foreach (var activation in new[] { "none", "prelu", "one prelu", "leaky", "relu" })
            {
                if (plus && activation.EndsWith("prelu", StringComparison.Ordinal)) continue; // not supported, see the test below
                foreach (var (images, channels, side) in new[] { (2, 16, 3), (5, 48, 9), (64, 64, 12) }) // the last: several chunks
                    yield return new TestCaseData(plus, activation, images, channels, side);
            }
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void Equals_libtorch_in_doubles(bool plus, string activation, int images, int channels, int side)
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        using var norm = Norm(channels);
        using var act = Activation(activation, channels);
        // far from 0: the mean square less the squared mean would cancel
        var x = ChannelsLast.Convert(randn(images, channels, side, side) * 3 + 20);
        var other = ChannelsLast.Convert(randn(images, channels, side, side));
        var dy = ChannelsLast.Convert(randn(images, channels, side, side));

        // the reference first, because our kernel overwrites x
        using var norm64 = Norm(channels);
        norm64.load_state_dict(norm.state_dict());
        norm64.to(ScalarType.Float64);
        using var act64 = Activation(activation, channels);
        act64?.to(ScalarType.Float64);
        var (xs, others) = (x.to(ScalarType.Float64).requires_grad_(), other.to(ScalarType.Float64).requires_grad_());
        var expected = norm64.call(xs);
        if (plus) expected = expected + others;
        if (act64 is not null) expected = act64.call(expected);
        expected.backward([dy.to(ScalarType.Float64)]);

        using var tape = Tape.Start(usesKernels: true, checkpoints: false, () => null);
        var leaf = x.detach().requires_grad_();
        var otherLeaf = other.detach().requires_grad_();
        var follower = NormPiece.Follower(plus ? otherLeaf : null, act);
        Assert.That(NormPiece.Fits(norm, leaf, follower), Is.True);
        var y = NormPiece.Record(tape, norm, leaf, follower, ownsInput: true);
        Assert.That(Apart(y, expected), Is.LessThan(Close), "output");
        y.grad = dy.clone();
        tape.Backward();
        Assert.Multiple(() =>
        {
            Assert.That(Apart(leaf.grad!, xs.grad!), Is.LessThan(Close), "gradient of x");
            Assert.That(Apart(norm.weight!.grad!, norm64.weight!.grad!), Is.LessThan(Close), "gradient of gamma");
            Assert.That(Apart(norm.bias!.grad!, norm64.bias!.grad!), Is.LessThan(Close), "gradient of beta");
            if (plus) Assert.That(Apart(otherLeaf.grad!, others.grad!), Is.LessThan(Close), "gradient of the second input");
            if (act is PReLU learnt)
                Assert.That(Apart(learnt.weight!.grad!, ((PReLU)act64!).weight!.grad!), Is.LessThan(Close), "gradient of the slopes");
            Assert.That(Apart(norm.running_mean!, norm64.running_mean!), Is.LessThan(Close), "running mean");
            Assert.That(Apart(norm.running_var!, norm64.running_var!), Is.LessThan(Close), "running variance");
            Assert.That(norm.num_batches_tracked!.item<long>(), Is.EqualTo(1));
        });
    }

    [TestCaseSource(nameof(Cases))]
    public void Infers_like_libtorch(bool plus, string activation, int images, int channels, int side)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var norm = Norm(channels);
        norm.running_mean!.normal_();
        norm.running_var!.uniform_(0.5, 2);
        norm.eval();
        using var act = Activation(activation, channels);
        var x = ChannelsLast.Convert(randn(images, channels, side, side));
        var other = plus ? ChannelsLast.Convert(randn(images, channels, side, side)) : null;
        var expected = norm.call(x);
        if (plus) expected = expected + other!;
        if (act is not null) expected = act.call(expected);
        var kept = x.clone();
        Assert.That(Apart(NormPiece.Infer(norm, x, NormPiece.Follower(other, act), ownsInput: false), expected.to(ScalarType.Float64)),
            Is.LessThan(Close));
        Assert.That(x.allclose(kept, rtol: 0, atol: 0), Is.True, "an input with other readers is kept");
        Assert.That(Apart(NormPiece.Infer(norm, x, NormPiece.Follower(other, act), ownsInput: true), expected.to(ScalarType.Float64)),
            Is.LessThan(Close));
    }

    [Test]
    public void A_learnt_slope_after_a_sum_is_computed_by_libtorch()
    {
        using var scope = NewDisposeScope();
        using var norm = Norm(16);
        using var act = nn.PReLU(16);
        var x = ChannelsLast.Convert(randn(2, 16, 3, 3));
        Assert.That(NormPiece.Fits(norm, x, NormPiece.Follower(x, act)), Is.False);
        Assert.That(NormPiece.Fits(norm, x, NormPiece.Follower(null, act)), Is.True);
        Assert.That(NormPiece.Fits(norm, x.contiguous(), NormPiece.Follower(null, act)), Is.False, "not channels-last");
    }

    [Test]
    public void NaN_is_kept()
    {
        using var scope = NewDisposeScope();
        using var norm = Norm(16);
        using var act = nn.PReLU(16);
        var x = ChannelsLast.Convert(full([2, 16, 3, 3], float.NaN));
        using var tape = Tape.Start(usesKernels: true, checkpoints: false, () => null);
        var y = NormPiece.Record(tape, norm, x.detach().requires_grad_(), NormPiece.Follower(null, act), ownsInput: true);
        Assert.That(y.isnan().all().item<bool>(), Is.True);
    }

    [Test]
    public void BFloat16_rounds_like_libtorch()
    {
        using var scope = NewDisposeScope();
        manual_seed(8);
        var values = cat([randn(4000) * 100,
            tensor([0f, -0f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, 1e-40f, 1.00390625f,
                1.01171875f])]);
        values = cat([values, zeros(16 - values.numel() % 16)]);
        var expected = values.to(ScalarType.BFloat16).to(ScalarType.Float32).data<float>().ToArray();
        var found = new float[expected.Length];
        unsafe
        {
            var half = stackalloc ushort[16];
            fixed (float* from = values.data<float>().ToArray(), to = found)
            {
                for (var i = 0; i < found.Length; i += 16)
                {
                    BFloat16Values.Store(Float32Values.Load((byte*)from, i), (byte*)half, 0);
                    Float32Values.Store(BFloat16Values.Load((byte*)half, 0), (byte*)to, i);
                }
            }
        }

        Assert.That(found, Is.EqualTo(expected));
    }

    [TestCaseSource(nameof(Cases))]
    public void BFloat16_maps_lose_no_more_than_their_rounding(bool plus, string activation, int images, int channels, int side)
    {
        using var scope = NewDisposeScope();
        manual_seed(6);
        using var act = Activation(activation, channels);
        var x = ChannelsLast.Convert(randn(images, channels, side, side)).to(ScalarType.BFloat16);
        var other = ChannelsLast.Convert(randn(images, channels, side, side)).to(ScalarType.BFloat16);
        var dy = ChannelsLast.Convert(randn(images, channels, side, side)).to(ScalarType.BFloat16);
        var expected = Run(ScalarType.Float32);
        var found = Run(ScalarType.BFloat16);
        Assert.Multiple(() =>
        {
            for (var i = 0; i < expected.Length; i++)
                Assert.That(Apart(found[i], expected[i].to(ScalarType.Float64)), Is.LessThan(1e-2), $"{i}");
        });

        Tensor[] Run(ScalarType type)
        {
            using var norm = Norm(channels);
            using var tape = Tape.Start(usesKernels: true, checkpoints: false, () => null);
            Tensor leaf = x.to(type).clone().requires_grad_(), second = other.to(type).clone().requires_grad_();
            if (act is PReLU learnt) learnt.weight!.grad = null;
            var follower = NormPiece.Follower(plus ? second : null, act);
            Assert.That(NormPiece.Fits(norm, leaf, follower), Is.True);
            var y = NormPiece.Record(tape, norm, leaf, follower, ownsInput: true);
            Assert.That(y.dtype, Is.EqualTo(type));
            y.grad = dy.to(type).clone();
            var output = y.clone().detach();
            tape.Backward();
            var all = new List<Tensor> { output, leaf.grad!, norm.weight!.grad!, norm.bias!.grad! };
            if (plus) all.Add(second.grad!);
            if (act is PReLU same) all.Add(same.weight!.grad!.clone());
            return [.. all];
        }
    }

    private static BatchNorm2d Norm(int channels)
    {
        var norm = nn.BatchNorm2d(channels);
        using var grad = no_grad();
        norm.weight!.copy_(linspace(-1.5, 2, channels));
        norm.bias!.copy_(linspace(1, -1, channels));
        return norm;
    }

    private static nn.Module<Tensor, Tensor>? Activation(string name, int channels)
    {
        using var grad = no_grad();
        switch (name)
        {
            case "prelu":
                var prelu = nn.PReLU(channels);
                prelu.weight!.copy_(linspace(-0.5, 1.5, channels));
                return prelu;
            case "one prelu": return nn.PReLU(1);
            case "leaky": return nn.LeakyReLU(0.1);
            case "relu": return nn.ReLU();
            default: return null;
        }
    }

    private static double Apart(Tensor found, Tensor expected) =>
        ((found.detach().to(ScalarType.Float64) - expected).norm() / expected.norm().clamp_min(1e-12)).item<double>();
}
