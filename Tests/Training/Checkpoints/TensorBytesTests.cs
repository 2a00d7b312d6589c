using Ablation.Harness.Networks;
using Ablation.Harness.Training.Checkpoints;
using static TorchSharp.torch;

namespace Ablation.Tests.Training.Checkpoints;

public sealed class TensorBytesTests
{
    [TestCase(1L)]
    [TestCase(8L)]
    [TestCase(40L)]
    [TestCase(1L << 20)]
    public void Values_read_back_for_any_layout_and_size_of_pieces(long chunk)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var images = ChannelsLast.Convert(randn(3, 4, 5, 2));
        Tensor[] all = [images, randn(7, 3).t(), arange(10, ScalarType.Int64), tensor(3.5), empty(0, 4), randn(6).to(ScalarType.BFloat16)];
        foreach (var values in all)
        {
            using var file = new MemoryStream();
            TensorBytes.Write(values, bytes => file.Write(bytes), chunk);
            Assert.That(file.Length, Is.EqualTo(TensorBytes.Size(values)));
            file.Position = 0;
            var copy = zeros_like(values);
            TensorBytes.Read(copy, file.ReadExactly, chunk);
            Assert.That(copy.eq(values).all().item<bool>());
            Assert.That(copy.stride(), Is.EqualTo(zeros_like(values).stride()), "the layout is kept");
        }

        using var inOrder = new MemoryStream();
        TensorBytes.Write(images, bytes => inOrder.Write(bytes), chunk);
        Assert.That(inOrder.ToArray(), Is.EqualTo(images.contiguous().bytes.ToArray()), "logical order, not memory order");
    }

    [Test]
    public void A_hash_depends_on_every_value_and_the_order()
    {
        using var scope = NewDisposeScope();
        NamedTensor one = new("a", tensor(new[] { 1f, 2f })), two = new("b", tensor(new[] { 3f }));
        var hash = TensorBytes.Hash([one, two]);
        Assert.That(TensorBytes.Hash([one, two]), Is.EqualTo(hash));
        Assert.That(TensorBytes.Hash([two, one]), Is.Not.EqualTo(hash));
        Assert.That(TensorBytes.Hash([one, new NamedTensor("b", tensor(new[] { 3.0000002f }))]), Is.Not.EqualTo(hash));
    }
}
