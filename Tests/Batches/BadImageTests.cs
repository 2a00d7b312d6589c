using Ablation.Harness.Batches;
using Ablation.Harness.Foundations;
using Ablation.Tests.Faces;

namespace Ablation.Tests.Batches;

/// <summary>Training over unreadable images: they are skipped one by one, reported, and limited in number.</summary>
public sealed class BadImageTests
{
    private const int Resolution = 8;

    [TestCase(1)]
    [TestCase(4)]
    public void A_skipped_image_is_replaced_by_the_next_good_one_and_listed(int workers)
    {
        var order = new EpochOrder(12, 3, true, 5).Permutation(0);
        using var source = new FakeSource(12, 4) { Bad = [order[4], order[5], order[11]] };
        var batches = new BatchStream(source, Resolution, 5, AugmentOptions.Off,
            new BatchOptions { BatchSize = 3, Workers = workers, OnBadImage = OnBadImage.Skip });
        var indices = batches.Read(0, 4).SelectMany(batch => batch.Indices.ToArray()).ToArray();
        int[] expected = [.. order[..4], order[6], order[6], .. order[6..11], order[0]];
        Assert.That(indices, Is.EqualTo(expected));
        Assert.That(batches.BadImageCount, Is.EqualTo(3));
        Assert.That(batches.BadImages.Select(bad => (bad.Index, bad.Where, bad.What)),
            Is.EqualTo(source.Bad.Order().Select(i => (i, $"fake@{i}", "it is bad"))));
    }

    [Test]
    public void A_set_of_bad_images_is_an_error_even_when_skipping()
    {
        using var source = new FakeSource(6, 2) { Bad = [0, 1, 2, 3, 4, 5] };
        var batches = new BatchStream(source, Resolution, 0, AugmentOptions.Off,
            new BatchOptions { BatchSize = 3, OnBadImage = OnBadImage.Skip, Workers = 2 });
        Assert.That(() => batches.Read(0, 1).Count(), Throws.TypeOf<DataProblem>().With.Message.Contains("not one image"));
    }

    [Test]
    public void A_wrong_label_is_never_skipped()
    {
        using var source = new FakeSource(6, 2) { Mislabelled = [4] };
        var batches = new BatchStream(source, Resolution, 0, AugmentOptions.Off,
            new BatchOptions { BatchSize = 3, OnBadImage = OnBadImage.Skip, Workers = 1 });
        Assert.That(() => batches.Read(0, 2).Count(), Throws.TypeOf<DataProblem>().With.Message.StartsWith("fake@4: its class 2"));
    }

    [TestCase(100, 20)]
    [TestCase(400, 20)]
    [TestCase(2000, 100)]
    public void One_image_in_twenty_may_be_bad_and_twenty_in_any_set(int images, int most) =>
    Assert.That(BatchStream.MostSkipped(images), Is.EqualTo(most));

    [TestCase(20, true)]
    [TestCase(21, false)]
    public void Skipping_stops_when_too_many_images_are_bad(int bad, bool goes)
    {
        using var source = new FakeSource(120, 2) { Bad = [.. Enumerable.Range(50, bad)] };
        var batches = new BatchStream(source, Resolution, 0, AugmentOptions.Off,
            new BatchOptions { BatchSize = 3, OnBadImage = OnBadImage.Skip, Workers = 1 });
        if (goes) Assert.That(batches.Read(0, 40).Count(), Is.EqualTo(40));
        else Assert.That(() => batches.Read(0, 40)
            .Count(), Throws.TypeOf<DataProblem>().With.Message.Contains("20 of 120 images before it"));
    }
}
