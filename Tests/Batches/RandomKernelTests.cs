using Ablation.Harness.Batches;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;
using Ablation.Tests.Faces;

namespace Ablation.Tests.Batches;

/// <summary>Kernels of the low-resolution augmentation, drawn for each picture.</summary>
[Parallelizable]
public sealed class RandomKernelTests
{
    private const int Side = 16;
    private static readonly FaceImage Image = FakeSource.Picture(4, Side);

    [Test]
    public void Random_kernels_are_drawn_for_each_way_and_change_nothing_else()
    {
        var fixedOnes = AugmentOptions.Off with { DownUpProbability = 1, DownUpMinPixels = Side - 1 }; // one size, so kernels alone differ
        var random = fixedOnes with { DownUpKernels = DownUpKernels.Random };
        var possible = (from down in Enum.GetValues<ResampleKernel>()
                        from up in Enum.GetValues<ResampleKernel>()
                        select Lowered(down, up)).ToList();
        var seen = Enumerable.Range(0, 400).Select(i => Applied(random, i))
            .Select(one => possible.FindIndex(known => known.Zip(one).All(two => Math.Abs(two.First - two.Second) < 1e-5f))).ToList();
        Assert.That(seen.Distinct().Order(), Is.EqualTo(Enumerable.Range(0, 25)), "every pair of kernels occurs, and nothing else");
        Assert.That(seen.CountBy(one => one / 5).Select(one => one.Value / 400.0), Is.All.EqualTo(0.2).Within(0.08));
        Assert.That(seen.CountBy(one => one % 5).Select(one => one.Value / 400.0), Is.All.EqualTo(0.2).Within(0.08));
        Assert.That(Applied(random with { DownUpProbability = 0 }, 3), Is.EqualTo(Applied(AugmentOptions.Off, 3)));
        Assert.That(SpecJson.Write(fixedOnes), Does.Not.Contain("ernels"), "so that trials without it keep their ids");

        static float[] Lowered(ResampleKernel down, ResampleKernel up)
        {
            var planes = Applied(AugmentOptions.Off, 0).Select(value => value * 127.5f + 127.5f).ToArray();
            var (small, low) = (new float[(Side - 1) * (Side - 1)], new ResampleTaps(Side, 0, Side, Side - 1, down));
            var high = new ResampleTaps(Side - 1, 0, Side - 1, Side, up);
            for (var channel = 0; channel < 3; channel++)
            {
                var plane = planes.AsSpan(channel * Side * Side, Side * Side);
                Resample.Plane(plane, low, low, small);
                Resample.Plane(small, high, high, plane);
            }

            return [.. planes.Select(value => (Math.Clamp(value, 0, 255) - 127.5f) / 127.5f)];
        }
    }

    private static float[] Applied(AugmentOptions options, int index)
    {
        var planes = new float[3 * Side * Side];
        Augment.Apply(Image, options, Side, new RandomStream(1, StreamPurpose.Augment, 0, index), planes);
        return planes;
    }
}
