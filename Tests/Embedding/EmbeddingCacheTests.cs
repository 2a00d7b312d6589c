using Ablation.Harness.Batches;
using Ablation.Harness.Embedding;
using Ablation.Harness.Faces;
using Ablation.Harness.Protocols;
using Ablation.Tests.Images;

namespace Ablation.Tests.Embedding;

/// <summary>Cached images are not embedded again; images that may have changed are.</summary>
public sealed class EmbeddingCacheTests
{
    private const int Images = 12;
    private static readonly BatchOptions Batches = new() { BatchSize = 5, Workers = 1, DropLast = false };
    private TemporaryFolder folder = null!;
    private List<string> said = null!;
    private EmbeddingCache cache = null!;

    [SetUp]
    public void Make()
    {
        folder = new TemporaryFolder();
        said = [];
        cache = new EmbeddingCache(folder.File("cache"), said.Add);
        for (var i = 0; i < Images; i++)
        {
            Directory.CreateDirectory(folder.File($"faces/p{i % 3}"));
            File.WriteAllBytes(folder.File($"faces/p{i % 3}/{i}.png"), Pictures.Png(Pictures.Of(i)));
        }
    }

    [TearDown]
    public void Remove() => folder.Dispose();

    [Test]
    public void A_second_test_on_the_same_pictures_embeds_none()
    {
        using var test = Faces();
        var first = new Counting("w");
        var embedded = Embedder.Embed(first, test, Batches, cache, default);
        Assert.That(first.Seen, Is.EqualTo(Images));
        var second = new Counting("w");
        using var other = Faces();
        var again = Embedder.Embed(second, other, Batches, cache, default);
        Assert.That(second.Seen, Is.Zero);
        Assert.That(again.Sum.Values, Is.EqualTo(embedded.Sum.Values));
    }

    [Test]
    public void Only_what_changed_is_embedded()
    {
        using (var test = Faces()) Embedder.Embed(new Counting("w"), test, Batches, cache, default);
        File.WriteAllBytes(folder.File("faces/p1/4.png"), Pictures.Png(Pictures.Of(99)));
        File.WriteAllBytes(folder.File("faces/p2/new.png"), Pictures.Png(Pictures.Of(100)));
        var counting = new Counting("w");
        using var changed = Faces();
        var embedded = Embedder.Embed(counting, changed, Batches, cache, default);
        Assert.That(counting.Seen, Is.EqualTo(2));
        using var fresh = Faces();
        Assert.That(embedded.Sum.Values, Is.EqualTo(Embedder.Embed(new Counting("w"), fresh, Batches, null, default).Sum.Values));
    }

    [Test]
    public void Another_network_or_resolution_has_other_embeddings()
    {
        using var test = Faces();
        Embedder.Embed(new Counting("w"), test, Batches, cache, default);
        foreach (var other in new[] { new Counting("v"), new Counting("w", 24) })
        {
            var embedded = Embedder.Embed(other, test, Batches, cache, default);
            Assert.That(other.Seen, Is.EqualTo(Images));
            Assert.That(embedded.Sum.Values, Is.EqualTo(Embedder.Embed(other, test, Batches, null, default).Sum.Values));
        }
    }

    [Test]
    public void An_embedder_without_a_key_is_not_cached()
    {
        using var test = Faces();
        Embedder.Embed(new Counting(null), test, Batches, cache, default);
        Assert.That(Directory.Exists(folder.File("cache")), Is.False);
    }

    [Test]
    public void A_damaged_file_is_reported_deleted_and_written_again([Values(0, 7, 30, 200, -1, -5)] int at)
    {
        using var test = Faces();
        var sound = Embedder.Embed(new Counting("w"), test, Batches, cache, default).Sum.Values;
        var path = Directory.GetFiles(folder.File("cache"), "*.emb", SearchOption.AllDirectories).Single();
        var bytes = File.ReadAllBytes(path);
        bytes[at < 0 ? bytes.Length + at : at] ^= 4;
        File.WriteAllBytes(path, bytes);
        var counting = new Counting("w");
        Assert.That(Embedder.Embed(counting, test, Batches, cache, default).Sum.Values, Is.EqualTo(sound));
        Assert.That(counting.Seen, Is.EqualTo(Images));
        Assert.That(said.Single(), Does.StartWith(path).And.Contains("embedded again"));
        Assert.That(path, Does.Not.Exist);
    }

    [Test]
    public void Memory_use_stays_within_the_limit()
    {
        using var test = Faces();
        var (ample, scarce) = (EmbeddingCache.InMemory(1 << 20), EmbeddingCache.InMemory(8));
        foreach (var (memory, expected) in new[] { (ample, 0), (scarce, Images) })
        {
            Embedder.Embed(new Counting("w"), test, Batches, memory, default);
            var counting = new Counting("w");
            Embedder.Embed(counting, test, Batches, memory, default);
            Assert.That(counting.Seen, Is.EqualTo(expected));
        }
    }

    private SourceImages Faces() => new(new FolderOptions { Path = "faces" }.Open(new DataRoot(folder.Path)));

    /// <summary>Embeds a picture as its channel means, and counts the pictures.</summary>
    private sealed class Counting(string? key, int resolution = 16) : ImageEmbedder
    {
        public int Seen { get; private set; }

        public override int Resolution => resolution;

        public override string? Key => key;

        public override IReadOnlyList<float[]> Embed(Batch batch, IReadOnlyList<FlipFusion> fusions)
        {
            Seen += batch.Count;
            return [.. fusions.Select(fusion => Enumerable.Range(0, batch.Count).SelectMany(item =>
                Enumerable.Range(0, 3)
                .Select(channel => 1f + batch.PixelsOf(item).Slice(channel * resolution * resolution, resolution * resolution).ToArray()
                    .Sum(value => (float)value))).ToArray())];
        }
    }
}
