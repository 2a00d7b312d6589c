using Ablation.Harness.Embedding;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;
using Ablation.Harness.Metrics;
using Ablation.Harness.Protocols;

namespace Ablation.Harness.Theory;

/// <summary>Images drawn from a training set.</summary>
/// <param name="Identities">Labels in the set, rising.</param>
/// <param name="Images">Indices in the set, rising.</param>
/// <param name="IdentityOf">The place of each image's identity in <paramref name="Identities"/>.</param>
internal sealed record TheoryImages(IReadOnlyList<int> Identities, IReadOnlyList<int> Images, int[] IdentityOf)
{
    public const int MostIdentities = 4096, MostImages = 20_000;

    /// <summary>Draws identities by the seed, and about equally many images of each; the same for all losses of a seed.</summary>
    /// <param name="skipUnreadable">Replaces images that cannot be read, like a training that skips them.</param>
    public static TheoryImages Draw(FaceSource source, long seed, bool skipUnreadable, int mostIdentities = MostIdentities,
        int mostImages = MostImages)
    {
        var of = new List<int>?[source.Identities];
        for (var image = 0; image < source.Count; image++)
        {
            if (source.IdentityOf(image) is var label && label >= 0 && label < of.Length) (of[label] ??= []).Add(image);
        }

        int[] identities = [.. Enumerable.Range(0, of.Length).Where(label => of[label] is not null)];
        new RandomStream(seed, StreamPurpose.TheoryDraw).Shuffle(identities);
        identities = identities[..Math.Min(mostIdentities, identities.Length)];
        var orders = identities.Select(label =>
            Shuffled(of[label]!, new RandomStream(seed, StreamPurpose.TheoryDraw, StreamPart.ImagesOfIdentity, label))).ToList();
        var drawn = new List<(int Image, int Label)>();
        // each round takes one image of every identity that has one left
        for (var round = 0; drawn.Count < mostImages && orders.Any(order => order.Length > round); round++)
        {
            for (var i = 0; i < identities.Length && drawn.Count < mostImages; i++)
            {
                if (round < orders[i].Length && (!skipUnreadable || source.IsReadable(orders[i][round])))
                    drawn.Add((orders[i][round], identities[i]));
            }
        }

        drawn.Sort();
        int[] labels = [.. drawn.Select(one => one.Label).Distinct().Order()];
        return new TheoryImages(labels, [.. drawn.Select(one => one.Image)],
            [.. drawn.Select(one => Array.BinarySearch(labels, one.Label))]);
    }

    private static int[] Shuffled(List<int> images, RandomStream stream)
    {
        int[] order = [.. images];
        stream.Shuffle(order);
        return order;
    }
}

/// <summary>Drawn images as a test, so that they are embedded like those of a test. Does not dispose the set.</summary>
internal class DrawnFaces(FaceSource source, IReadOnlyList<int> images) : FaceTest
{
    public override string Name => source.Name;

    public override int ImageCount => images.Count;

    public override long ScoreCount => 0;

    public override FaceImage Read(int image) => source.Read(images[image]).Image;

    public override string Locate(int image) => source.Locate(images[image]);

    public override string ImageName(int image) => source.ImageName(images[image]);

    public override IReadOnlyList<TestScores> Score(TestEmbeddings embeddings, CancellationToken cancel) => [];

    public override void Describe(DesignHash hash)
    {
        foreach (var image in images) hash.Add(image);
    }
}
