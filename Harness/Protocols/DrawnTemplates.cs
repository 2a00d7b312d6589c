using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ablation.Harness.Embedding;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;
using Ablation.Harness.Metrics;

namespace Ablation.Harness.Protocols;

/// <summary>
/// Templates of several images from any set of labelled faces, compared 1:1 like those of IJB: a template is the sum of its images'
/// unnormalised embeddings, and every pair of templates is scored. A substitute if IJB is not available.
/// </summary>
[Description("templates of several images drawn from any labelled faces; every pair of them is compared (IJB's 1:1 in small)")]
public sealed record DrawnTemplatesOptions : ProtocolOptions
{
    [Required, Description("The labelled faces, written like a suite's training data")]
    public required SourceOptions Faces { get; init; }

    [Description("Most images per template; an identity's images are dealt into as few templates as possible, but at least two"),
        Range(1, 1000)]
    public int ImagesPerTemplate { get; init; } = 5;

    [Description("Deals the images")]
    public int Seed { get; init; }

    [Description("Name in tables; default: the faces' name and \"templates\"")]
    public string? Name { get; init; }

    public override FaceTest Open(DataRoot data)
    {
        CheckedOptions.Of(this);
        var faces = Faces.Open(data);
        try
        {
            return new DrawnTemplatesTest(this, faces);
        }
        catch
        {
            faces.Dispose();
            throw;
        }
    }
}

internal sealed class DrawnTemplatesTest : FaceTest
{
    private const int MostPairs = 100_000_000; // 4 bytes each, and twice that while they are sorted
    private readonly FaceSource faces;
    private readonly int[] template, identityOf; // of each image; of each template

    /// <exception cref="DataProblem">No identity has two images, or there are too many pairs.</exception>
    public DrawnTemplatesTest(DrawnTemplatesOptions options, FaceSource faces)
    {
        this.faces = faces;
        Name = options.Name ?? $"{faces.Name} templates";
        template = new int[faces.Count];
        var identities = new List<int>();
        foreach (var person in Enumerable.Range(0, faces.Count).GroupBy(faces.IdentityOf).OrderBy(person => person.Key))
        {
            int[] images = [.. person];
            new RandomStream(options.Seed, StreamPurpose.TemplateDeal, person.Key).Shuffle(images);
            var count = Math.Min(images.Length, Math.Max(2, (images.Length + options.ImagesPerTemplate - 1) / options.ImagesPerTemplate));
            for (var i = 0; i < images.Length; i++) template[images[i]] = identities.Count + i % count;
            identities.AddRange(Enumerable.Repeat(person.Key, count));
        }

        identityOf = [.. identities];
        if (identities.Count == faces.Identities)
            throw new DataProblem(faces.Name, "no identity has two images, so there is no pair of one person",
                "use faces with more images per identity");
        if (ScoreCount > MostPairs)
            throw new DataProblem(faces.Name, $"{identityOf.Length} templates make {ScoreCount} pairs",
                "use a Subset of the faces, or raise imagesPerTemplate");
    }

    public override string Name { get; }

    public override int ImageCount => faces.Count;

    public override long ScoreCount => (long)identityOf.Length * (identityOf.Length - 1) / 2;

    public override IReadOnlyList<string> Notes => faces.Notes;

    public override FaceImage Read(int image) => faces.Read(image).Image;

    public override string Locate(int image) => faces.Locate(image);

    public override string ImageName(int image) => faces.ImageName(image);

    public override string? ImageKey(int image) => faces.ImageKey(image);

    public override string? PersonName(int image) => faces.PersonName(faces.IdentityOf(image));

    public override IReadOnlyList<TestScores> Score(TestEmbeddings embeddings, CancellationToken cancel)
    {
        var pooling = new TemplatePooling(template, [.. Enumerable.Range(0, ImageCount)],
            [.. Enumerable.Range(0, ImageCount).Select(ImageName)], identityOf.Length);
        var pooled = pooling.Pool(embeddings.Sum, keepNorm: true, null, Locate, one => $"template {one} of {faces.NameOf(identityOf[one])}",
            cancel);
        var (first, second, same) = (new int[ScoreCount], new int[ScoreCount], new bool[ScoreCount]);
        var pair = 0;
        for (var a = 0; a < identityOf.Length; a++)
        {
            for (var b = a + 1; b < identityOf.Length; b++, pair++)
                (first[pair], second[pair], same[pair]) = (a, b, identityOf[a] == identityOf[b]);
        }

        return [TemplatePairs.Score(Name, pooled, first, second, same, cancel)];
    }

    public override void Describe(DesignHash hash)
    {
        hash.Add(template.Length, identityOf.Length);
        hash.Add(template);
        hash.Add(identityOf);
    }

    public override void Dispose()
    {
        faces.Dispose();
        base.Dispose();
    }
}
