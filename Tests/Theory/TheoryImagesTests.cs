using Ablation.Harness.Batches;
using Ablation.Harness.Embedding;
using Ablation.Harness.Theory;
using Ablation.Losses;
using Ablation.Losses.Heads;
using Ablation.Tests.Faces;
using Ablation.Tests.Training;
using static TorchSharp.torch;

namespace Ablation.Tests.Theory;

/// <summary>The training images drawn for the theory.</summary>
public sealed class TheoryImagesTests
{
    [Test]
    public void A_small_set_is_used_completely()
    {
        using var source = new FakeSource(50, 7);
        var drawn = TheoryImages.Draw(source, 1, skipUnreadable: false);
        Assert.That(drawn.Images, Is.EqualTo(Enumerable.Range(0, 50)));
        Assert.That(drawn.Identities, Is.EqualTo(Enumerable.Range(0, 7)));
        Assert.That(drawn.IdentityOf, Is.EqualTo(Enumerable.Range(0, 50).Select(image => image % 7)));
    }

    [Test]
    public void A_large_set_is_drawn_evenly_by_the_seed()
    {
        using var source = new FakeSource(1000, 20);
        var drawn = TheoryImages.Draw(source, 1, false, mostIdentities: 8, mostImages: 20);
        Assert.Multiple(() =>
        {
            Assert.That(drawn.Identities, Has.Count.EqualTo(8).And.Ordered);
            Assert.That(drawn.Images, Has.Count.EqualTo(20).And.Ordered.And.Unique);
            Assert.That(drawn.Images.Select(image => image % 20), Is.EqualTo(drawn.IdentityOf.Select(place => drawn.Identities[place])));
            Assert.That(drawn.IdentityOf.GroupBy(place => place).Select(group => group.Count()), Is.All.InRange(2, 3));
            Assert.That(TheoryImages.Draw(source, 1, false, 8, 20).Images, Is.EqualTo(drawn.Images));
            Assert.That(TheoryImages.Draw(source, 2, false, 8, 20).Images, Is.Not.EqualTo(drawn.Images));
            Assert.That(TheoryImages.Draw(source, 2, false, 8, 20).Identities, Is.Not.EqualTo(drawn.Identities));
        });
    }

    [Test]
    public void The_unused_share_of_a_small_identity_is_given_to_others()
    {
        using var source = new FakeSource(21, 20); // identity 0 has two images, the others one
        Assert.That(TheoryImages.Draw(source, 1, false, mostImages: 21).IdentityOf.Count(place => place == 0), Is.EqualTo(2));
    }

    [Test]
    public void Unreadable_images_are_skipped_if_training_skips_them()
    {
        using var source = new FakeSource(10, 2) { Bad = [3, 4] };
        Assert.That(TheoryImages.Draw(source, 1, skipUnreadable: true).Images, Is.EqualTo(new[] { 0, 1, 2, 5, 6, 7, 8, 9 }));
        Assert.That(TheoryImages.Draw(source, 1, skipUnreadable: false).Images, Has.Count.EqualTo(10));
    }

    [TestCase(10, 2, 3, "it is bad")]
    [TestCase(10, 1, -1, "fewer than two identities")]
    public void A_failed_measurement_is_reported_and_does_not_fail_the_trial(int count, int classes, int bad, string said)
    {
        using var source = new FakeSource(count, classes) { Bad = [bad] };
        using var loss = new NptOptions().Build(new LossShape(2, 16));
        using var pixels = new PixelEmbedder();
        var lines = new List<string>();
        var spec = Tiny.Spec(new NptOptions());
        Assert.That(TheoryMeasure.Measure(source, pixels, loss, spec.Seed, spec.Training.OnBadImage,
            new BatchOptions { BatchSize = 4, Workers = 1 }, CPU, lines.Add,
            default), Is.Null);
        Assert.That(lines.Single(), Does.Contain(said));
    }
}
