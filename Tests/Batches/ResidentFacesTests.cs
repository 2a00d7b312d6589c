using Ablation.Harness.Batches;
using Ablation.Harness.Foundations;
using Ablation.Tests.Faces;

namespace Ablation.Tests.Batches;

/// <summary>A set held in one memory block gives the same batches as reading it, bit by bit.</summary>
public sealed class ResidentFacesTests
{
    private static readonly AugmentOptions Flip = AugmentOptions.Off with { FlipProbability = 0.4 };

    [TestCase(12, true)]
    [TestCase(7, false)]
    [TestCase(19, true)]
    public void It_gives_the_batches_of_Batches(int resolution, bool dropLast)
    {
        var options = new BatchOptions { BatchSize = 8, Workers = 2, DropLast = dropLast, OnBadImage = OnBadImage.Skip };
        using var source = new FakeSource(45, 3) { Bad = [3, 17, 18] };
        var resident = new ResidentFaces(source, resolution, 11, Flip, options, long.MaxValue);
        Assert.That(source.Reads, Is.EqualTo(45));
        var batches = new BatchStream(source, resolution, 11, Flip, options);
        var steps = 3 * batches.StepsPerEpoch;
        Assert.That(resident.StepsPerEpoch, Is.EqualTo(batches.StepsPerEpoch));
        Assert.That(resident.Steps(2, steps).Select(step => Text(Pictures(step))), Is.EqualTo(batches.Read(2, steps).Select(Text)));
        Assert.That(resident.BadImages, Is.EqualTo(batches.BadImages));
        Assert.That(resident.Steps(0, steps).SelectMany(step => step.Flipped).Distinct()
            .Count(), Is.EqualTo(2), "some are flipped, some are not");

        Batch Pictures(ResidentStep step)
        {
            var batch = new Batch(options.BatchSize, resolution, labelled: true)
            {
                Epoch = step.Epoch,
                Step = step.Step,
                Count = step.Indices.Length
            };
            for (var item = 0; item < batch.Count; item++)
            {
                var pixels = batch.PixelsOf(item);
                resident.Pixels.AsSpan((int)step.Indices[item] * pixels.Length, pixels.Length).CopyTo(pixels);
                for (var row = 0; step.Flipped[item] && row < pixels.Length; row += resolution) pixels.Slice(row, resolution).Reverse();
                (batch.Indices[item], batch.Labels[item]) = ((int)step.Indices[item], step.Labels[item]);
            }

            return batch;
        }

        static string Text(Batch batch)
        {
            var pixels = batch.Pixels.Take(batch.Count * 3 * batch.Resolution * batch.Resolution).Select(BitConverter.SingleToInt32Bits);
            return $"{batch.Epoch} {batch.Step}: {string.Join(' ', pixels)}; {string.Join(' ', batch.Labels.Take(batch.Count))}; " +
                $"{string.Join(' ', batch.Indices.Take(batch.Count))}";
        }
    }

    [Test]
    public void It_accepts_no_augmentation_but_the_flip()
    {
        Assert.That(ResidentFaces.Suits(Flip with { DownUpMinPixels = 5 }), Is.True);
        AugmentOptions[] others =
        [
            Flip with { CropShiftPixels = 1 }, Flip with { CropScale = 0.1 }, Flip with { AspectJitter = 0.1 },
                Flip with { Brightness = 0.1 },
            Flip with { Contrast = 0.1 }, Flip with { GreyProbability = 0.1 }, Flip with { DownUpProbability = 0.1 },
                Flip with { EraseProbability = 0.1 },
        ];
        Assert.That(others.Select(ResidentFaces.Suits), Is.All.False);
        using var source = new FakeSource(8, 2);
        Assert.That(() => new ResidentFaces(source, 8, 1, new AugmentOptions(), new BatchOptions { BatchSize = 4 }, long.MaxValue),
            Throws.ArgumentException);
    }

    [Test]
    public void What_does_not_fit_is_refused_before_a_picture_is_read()
    {
        using var source = new FakeSource(100, 2);
        Assert.That(() => new ResidentFaces(source, 12, 1, Flip, new BatchOptions { BatchSize = 4 }, 100 * 12 * 12 * 12 - 1),
            Throws.TypeOf<DataProblem>().With.Message.Contains("100 pictures of 12 pixels"));
        Assert.That(source.Reads, Is.Zero);
        Assert.That(new ResidentFaces(source, 12, 1, Flip, new BatchOptions { BatchSize = 4 }, 100 * 12 * 12 * 12).Pixels,
            Has.Length.EqualTo(100 * 3 * 144));
    }

    [Test]
    public void A_bad_class_or_too_many_bad_pictures_are_an_error()
    {
        var stop = new BatchOptions { BatchSize = 4, Workers = 2 };
        var skip = stop with { OnBadImage = OnBadImage.Skip };
        Assert.That(() => Of(new FakeSource(30, 2) { Bad = [9, 5] }, stop), Throws.TypeOf<DataProblem>().With.Message.StartsWith("fake@5"));
        Assert.That(() => Of(new FakeSource(30, 2) { Mislabelled = [5] }, skip),
            Throws.TypeOf<DataProblem>().With.Message.StartsWith("fake@5: its class 2"));
        Assert.That(() => Of(new FakeSource(21, 2) { Bad = [.. Enumerable.Range(0, 21)] }, skip),
            Throws.TypeOf<DataProblem>().With.Message.Contains("21 of 21 images are bad"));

        static ResidentFaces Of(FakeSource source, BatchOptions options) => new(source, 8, 1, Flip, options, long.MaxValue);
    }
}
