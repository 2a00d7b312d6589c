using Ablation.Harness;
using Ablation.Harness.Batches;
using Ablation.Harness.Faces;
using Ablation.Harness.Provenance;
using Ablation.Losses;
using Ablation.Tests.Formats;
using Ablation.Tests.Images;
using Ablation.Tests.Metrics;
using Ablation.Tests.Training;

namespace Ablation.Tests.Batches;

/// <summary>A trial gives the same numbers without the cache, with a new cache and with an existing one.</summary>
public sealed class CachedTrialTests
{
    [Test]
    public void A_trial_gives_the_same_bits_with_and_without_the_cache()
    {
        using var folder = new TemporaryFolder();
        RecordIoWriter.WithHeader([.. Enumerable.Range(0, 48).Select(i => i % 6)], i => Pictures.Jpeg(Pictures.Smooth(i, 20, 20)))
            .Save(folder.Path);
        var spec = Tiny.Spec(new ArcFaceOptions()) with { Data = new RecordIoOptions { Path = folder.Path } };
        var said = new List<string>();
        var cache = new PixelCache(folder.File("pixels"), said.Add) { FreeBytes = _ => long.MaxValue };
        var plain = Run(Tiny.Place);
        for (var round = 0; round < 2; round++)
        {
            var cached = Run(Tiny.Place with { Cache = cache });
            Assert.That(cached.Result.Pairing, Is.EqualTo(plain.Result.Pairing));
            Assert.That(cached.History.Select(point => point.Loss), Is.EqualTo(plain.History.Select(point => point.Loss)));
            Assert.That(cached.Pairs().SquaredDistance, Is.EqualTo(plain.Pairs().SquaredDistance));
        }

        Assert.That(said.Count(line => line.Contains("writing 48", StringComparison.Ordinal)), Is.EqualTo(1));

        TrialOutput Run(TrialPlace place) => Trial.Run(spec, "label", place, null, CancellationToken.None);
    }
}
