using Ablation.Harness.Faces;
using Ablation.Harness.Training;
using Ablation.Losses;
using Ablation.Losses.Heads;
using Ablation.Tests.Losses;
using static Ablation.Tests.Training.TinyModel;
using static TorchSharp.torch;

namespace Ablation.Tests.Training;

/// <summary>A micro-batch in pieces gives the same step, except for batch statistics.</summary>
public sealed class SplitTests
{
    [NotOnWine(Wine.Rounding), TestCaseSource(typeof(LossCases), nameof(LossCases.FoundWithSmallScales))]
    public void Unequal_pieces_give_the_step_of_the_whole_batch(LossOptions loss)
    {
        using (var built = loss.Build(new LossShape(4, 2)))
            if (!built.AveragesSamples) return; // it compares the samples of a piece with each other
        using var whole = Run(loss, 1, Plain with { Epochs = 2 });
        using var pieces = Run(loss, 3, Plain with { Epochs = 2 }); // of 3, 3 and 2 images
        Assert.That(pieces.Weight.allclose(whole.Weight, 1e-4, 1e-6), "weights");
        Assert.That(pieces.Loss.proxies.allclose(whole.Loss.proxies, 1e-4, 1e-6), "proxies");
        Assert.That(pieces.Weight.allclose(new TinyModel(loss).Weight, 1e-4, 1e-6), Is.False, "they moved");
    }

    [Test, NotOnWine(Wine.Rounding)]
    public void Pieces_of_micro_batches_share_the_lambda_and_loss_of_a_step()
    {
        var loss = new SphereFaceOptions { LambdaBase = 10, LambdaMinimum = 0 };
        using var whole = Run(loss, 1, Plain with { Epochs = 3 });
        using var pieces = Run(loss, 2, Plain with { Epochs = 3, Accumulate = 2 }, 4);
        Assert.That(pieces.Loss.state_dict()["iteration"].item<long>(), Is.EqualTo(6 * 4), "passes");
        Assert.That(pieces.Weight.allclose(whole.Weight, 1e-4, 1e-6));
        Assert.That(pieces.Run.History.Select(point => point.Loss), Is.EqualTo(whole.Run.History.Select(point => point.Loss)).Within(1e-4));
    }

    [TestCase(8, 3, "3 3 2")]
    [TestCase(8, 1, "8")]
    [TestCase(9, 4, "3 2 2 2")]
    public void Pieces_are_nearly_equal(int images, int split, string pieces) =>
    Assert.That(string.Join(' ', MicroBatchSplit.Split(images, split)), Is.EqualTo(pieces));

    [TestCase(8, 5, "4 pieces are the most")]
    [TestCase(3, 2, "raise batch")]
    public void A_piece_of_one_image_is_refused(int images, int split, string cure) =>
        Assert.That(() => MicroBatchSplit.Split(images, split), Throws.ArgumentException.With.Message.Contains(cure));

    private static Trained Run(LossOptions loss, int split, TrainingOptions options, int microBatch = 8)
    {
        using var source = TinyFaces.Open(new DataRoot("."));
        var model = new TinyModel(loss);
        return new Trained(model, new Trainer(model.Backbone, model.Loss, options, CPU, loop: new LoopOptions(Split: split))
            .Train(TinyBatches(source, microBatch), null, default));
    }

    private sealed record Trained(TinyModel Model, TrainingRun Run) : IDisposable
    {
        public Tensor Weight => Model.Weight;

        public FaceLoss Loss => Model.Loss;

        public void Dispose() => Model.Dispose();
    }
}
