using Ablation.Harness.Faces;
using Ablation.Harness.Networks;
using Ablation.Harness.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Tests.Training;

/// <summary>Dropout masks depend on seed, step, micro-batch and piece, and not on earlier draws.</summary>
public sealed class DropoutMaskTests
{
    [Test]
    public void Every_forward_pass_has_its_own_mask()
    {
        var masks = Masks(6);
        Assert.That(masks, Has.Count.EqualTo(3 * 2 * 2 * 2), "epochs, steps, micro-batches, pieces");
        Assert.That(masks, Is.Unique);
        Assert.That(Masks(6), Is.EqualTo(masks));
        Assert.That(Masks(7).Intersect(masks), Is.Empty);
    }

    private static List<string> Masks(long seed)
    {
        using var source = TinyModel.TinyFaces.Open(new DataRoot("."));
        using var model = new TinyModel();
        using var noisy = new Noisy(model.Backbone);
        new Trainer(noisy, model.Loss, TinyModel.Plain with { Epochs = 3, Accumulate = 2 }, CPU, loop: new LoopOptions(Split: 2),
            dropoutSeed: seed).Train(TinyModel.TinyBatches(source, 4), null, default);
        return noisy.Masks;
    }

    /// <summary>Records the next number of the generator that draws the masks.</summary>
    private sealed class Noisy : Backbone
    {
        private readonly LinearBackbone inner;

        public Noisy(LinearBackbone inner) : base(nameof(Noisy))
        {
            this.inner = inner;
            RegisterComponents();
        }

        public List<string> Masks { get; } = [];

        public override IEnumerable<Parameter> EmbeddingLayer() => inner.EmbeddingLayer();

        public override Tensor forward(Tensor images)
        {
            Masks.Add(string.Join(' ', rand(4).data<float>()));
            return inner.forward(images);
        }
    }
}
