using System.Runtime.InteropServices;
using Ablation.Harness.Embedding;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;
using Ablation.Harness.Metrics;

namespace Ablation.Harness.Protocols.Ijb;

/// <summary>IJB-B or IJB-C: images pooled into templates, pairs of templates (1:1), and probes against galleries (1:N).</summary>
public sealed class IjbTest : FaceTest
{
    private readonly IjbFolder folder;
    private readonly IjbImages images;
    private readonly IReadOnlyList<IjbVariant> variants;
    private readonly IjbPairs? pairs;
    private readonly IReadOnlyList<IjbSubjects> galleries;
    private readonly IjbSubjects? probes;
    private readonly TemplatePooling pooling;

    internal IjbTest(IjbFolder folder, IjbImages images, IReadOnlyList<IjbVariant> variants, IjbPairs? pairs,
        IReadOnlyList<IjbSubjects> galleries, IjbSubjects? probes)
    {
        (this.folder, this.images, this.variants, this.pairs, this.galleries, this.probes) = (folder, images, variants, pairs, galleries,
            probes);
        pooling = new TemplatePooling(images.Template, images.Media, images.Names, images.TemplateIds.Length);
    }

    /// <inheritdoc/>
    public override string Name => folder.Set;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Parts =>
    [
        .. variants.SelectMany(variant =>
        {
            IEnumerable<string> verified = pairs is null ? [] : [PairsName(variant)];
            return probes is null
                ? verified : verified.Concat(galleries.Select(one => one.Name).Append(BothName)
                    .Select(gallery => SearchName(gallery, variant)));
        }),
    ];

    /// <inheritdoc/>
    public override int ImageCount => images.Names.Length;

    /// <inheritdoc/>
    public override IReadOnlyList<FlipFusion> Fusions => [.. variants.Select(FusionOf).Distinct().Order()];

    /// <inheritdoc/>
    public override long ScoreCount => variants.Count * ((long)(pairs?.Same.Length ?? 0) + 6L * (probes?.Templates.Length ?? 0));

    /// <summary>Pairs of templates of one person, and of two; none without verification.</summary>
    public (int Same, int Different) PairCounts =>
        pairs is null ? (0, 0) : (pairs.Same.AsSpan().Count(true), pairs.Same.AsSpan().Count(false));

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notes => [.. Trivial(), .. base.Notes];

    /// <summary>Says of comparisons that no network can get wrong: a template with itself.</summary>
    private IEnumerable<string> Trivial()
    {
        var alone = pairs is null ? 0 : Enumerable.Range(0, pairs.Same.Length).Count(i => pairs.First[i] == pairs.Second[i]);
        if (alone > 0)
            yield return $"{alone} of {pairs!.Same.Length} pairs are a template with itself: their similarity is 1 for every network";
        var enrolled = galleries.SelectMany(gallery => gallery.Templates).ToHashSet();
        var found = probes?.Templates.Count(enrolled.Contains) ?? 0;
        if (found > 0)
            yield return $"{found} of {probes!.Templates.Length} probe templates are in a gallery too: they find themselves";
    }

    /// <summary>Templates of images.</summary>
    public int TemplateCount => images.TemplateIds.Length;

    /// <summary>Reads the crop and aligns it by its landmarks: 112 x 112.</summary>
    /// <inheritdoc/>
    public override FaceImage Read(int image) =>
        FivePoints.Align(ImageDecoder.DecodeFile(Locate(image)), Landmarks(image), Locate(image));

    /// <inheritdoc/>
    public override string Locate(int image) => Path.Combine([folder.Images, .. images.Names[image].Split('/')]);

    /// <inheritdoc/>
    public override string ImageName(int image) => images.Names[image];

    /// <inheritdoc/>
    public override string? ImageKey(int image) => SourceFingerprint.OfFile(Locate(image)) is { } file
        ? $"{file} aligned {Convert.ToHexStringLower(MemoryMarshal.AsBytes(Landmarks(image)))}" : null;

    /// <inheritdoc/>
    public override IReadOnlyList<TestScores> Score(TestEmbeddings embeddings, CancellationToken cancel)
    {
        return
        [
            .. variants.SelectMany(variant =>
            {
                var templates = Pool(embeddings, variant, cancel);
                IEnumerable<TestScores> verified = pairs is null ? [] : [Verify(templates, variant, cancel)];
                return verified.Concat(Searches(templates, variant).Select(search => search.Score(cancel)));
            }),
        ];
    }

    /// <summary>Computes template embeddings of length 1, T x D, rows by rising template number.</summary>
    /// <param name="embeddings">Of the fusion that the variant needs.</param>
    /// <exception cref="DataProblem">An embedding is zero or NaN; the message names the image.</exception>
    public EmbeddingMatrix Pool(TestEmbeddings embeddings, IjbVariant variant, CancellationToken cancel) =>
        pooling.Pool(embeddings[FusionOf(variant)], variant.KeepNorm,
        variant.DetectorScore
            ? images.DetectorScores : null, Locate, template => $"{folder.MediaFile} template {images.TemplateIds[template]}", cancel);

    /// <summary>
    /// Returns the searches of 1:N: the probes against each single gallery (open set: probes of the other gallery's people have no mate),
    /// and against both galleries together (closed set; the figure that the field's script prints).
    /// </summary>
    /// <param name="templates">See <see cref="Pool"/>.</param>
    public IReadOnlyList<TemplateSearch> Searches(EmbeddingMatrix templates, IjbVariant variant)
    {
        if (probes is null) return [];
        IjbSubjects both = new(BothName, [.. galleries.SelectMany(one => one.Templates)], [.. galleries.SelectMany(one => one.Subjects)]);
        var probeRows = TemplateSearch.Rows(templates, probes.Templates);
        return [.. galleries.Append(both).Select(gallery => new TemplateSearch(SearchName(gallery.Name, variant),
            TemplateSearch.Rows(templates, gallery.Templates), gallery.Subjects, probeRows, probes.Subjects))];
    }

    /// <summary>Scores the pairs of 1:1; only for a test with verification.</summary>
    internal PairScores Verify(EmbeddingMatrix templates, IjbVariant variant, CancellationToken cancel) =>
        TemplatePairs.Score(PairsName(variant), templates, pairs!.First, pairs.Second, pairs.Same, cancel);

    /// <inheritdoc/>
    public override void Describe(DesignHash hash)
    {
        hash.Add($"{folder.Set} {string.Join(',', variants)}");
        hash.Add(images.Names.Length, images.TemplateIds.Length, pairs?.Same.Length ?? 0, galleries.Count);
        foreach (var numbers in (int[][])[images.Template, images.Media, images.TemplateIds, pairs?.First ?? [], pairs?.Second ?? []])
            hash.Add(MemoryMarshal.AsBytes(numbers.AsSpan()));
        hash.Add(MemoryMarshal.AsBytes(images.DetectorScores.AsSpan()));
        hash.Add(MemoryMarshal.AsBytes(images.Landmarks.AsSpan()));
        hash.Add(MemoryMarshal.AsBytes((pairs?.Same ?? []).AsSpan()));
        foreach (var list in probes is null ? galleries : [.. galleries, probes])
        {
            hash.Add(list.Templates.Length);
            hash.Add(MemoryMarshal.AsBytes(list.Templates.AsSpan()));
            hash.Add(MemoryMarshal.AsBytes(list.Subjects.AsSpan()));
        }
    }

    private string BothName => string.Join("+", galleries.Select(one => one.Name));

    private string PairsName(IjbVariant variant) => $"{folder.Set} 1:1 ({variant})";

    private string SearchName(string gallery, IjbVariant variant) => $"{folder.Set} 1:N {gallery} ({variant})";

    private static FlipFusion FusionOf(IjbVariant variant) => variant.Flip ? FlipFusion.Sum : FlipFusion.ImageOnly;

    private ReadOnlySpan<float> Landmarks(int image) => images.Landmarks.AsSpan(image * IjbImages.Coordinates, IjbImages.Coordinates);
}
