using Ablation.Harness.Embedding;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;
using Ablation.Harness.Kernels.Search;
using Ablation.Harness.Metrics;

namespace Ablation.Harness.Protocols;

/// <summary>Which images are searched in which gallery, by their indices in the test. Equal scores rank in gallery order.</summary>
/// <param name="Probes">P images.</param>
/// <param name="ProbeIdentity">P identities; a probe is non-mated if no enrolled image has its identity.</param>
/// <param name="Enrolled">The gallery's first images; none with <see cref="MateRule.EachAlone"/>: the mates are the other probes of an
/// identity.</param>
/// <param name="Distractors">Images of people who are not probes; after the enrolled ones in the gallery. With
/// <see cref="MateRule.EachAlone"/>, before the mate.</param>
/// <param name="Levels">Numbers of distractors for which everything is reported, rising; empty for one level of all distractors, without a
/// number in the figures' names.</param>
/// <param name="Ranks">The k of the rank-k figures.</param>
public sealed record IdentificationDesign(
    MateRule Mates, int[] Probes, int[] ProbeIdentity, int[] Enrolled, int[] EnrolledIdentity, int[] Distractors, int[] Levels, int[] Ranks)
{
    /// <summary>Shares of false positives at which the protocol reports TPIR; null for the usual ones, and FNIR.</summary>
    public double[]? FalsePositiveRates { get; init; }

    /// <summary>Sizes of the galleries that are searched, one per level.</summary>
    internal int[] Galleries =>
        Levels.Length == 0 ? [Enrolled.Length + Distractors.Length] : Array.ConvertAll(Levels, count => Enrolled.Length + count);

    /// <summary>Entries that a probe is ranked among, one number per level; with <see cref="MateRule.EachAlone"/> the mate is one
    /// more.</summary>
    internal int[] Entries => Mates == MateRule.EachAlone ? Array.ConvertAll(Galleries, count => count + 1) : Galleries;
}

/// <summary>An identification test: probes are searched in a gallery.</summary>
public abstract class IdentificationTest : FaceTest, ITwoSidedTest
{
    public abstract IdentificationDesign Design { get; }

    /// <inheritdoc/>
    public override long ScoreCount
    {
        get
        {
            var levels = Design.Galleries.Length;
            return (long)Design.Probes.Length * (1 + levels) + (long)Mates() * (1 + levels) + (long)Design.Probes.Length * levels;
        }
    }

    /// <inheritdoc/>
    /// <remarks>With <see cref="MateRule.EachAlone"/> a mate stands in the gallery, so probes are pictures of both sides.</remarks>
    public IReadOnlyList<int> GalleryImages => [.. new SortedSet<int>(Design.Mates == MateRule.EachAlone
        ? [.. Design.Probes, .. Design.Distractors] : [.. Design.Enrolled, .. Design.Distractors])];

    /// <inheritdoc/>
    public IReadOnlyList<int> ProbeImages => [.. Design.Probes.Order()];

    /// <inheritdoc/>
    public override IReadOnlyList<TestScores> Score(TestEmbeddings embeddings, CancellationToken cancel)
    {
        Func<int, int> itself = image => image;
        return [Compare(embeddings.Sum, Locate, cancel)(Name, itself, itself)];
    }

    /// <inheritdoc/>
    public SideComparison Compare(EmbeddingMatrix embeddings, Func<int, string> locate, CancellationToken cancel) =>
        (name, gallery, probe) => Search(name, embeddings, locate, gallery, probe, cancel);

    private IdentificationScores Search(string name, EmbeddingMatrix embeddings, Func<int, string> locate, Func<int, int> galleryRow,
        Func<int, int> probeRow, CancellationToken cancel)
    {
        var design = Design;
        var probes = Rows(design.Probes, probeRow);
        var gallery = Rows([.. design.Enrolled, .. design.Distractors], galleryRow);
        var queries = design.Mates == MateRule.Any ? ProbeQuery.Build(probes, design.ProbeIdentity, gallery, design.EnrolledIdentity)
            : MatesAlone(probes, galleryRow == probeRow ? probes : Rows(design.Probes, galleryRow), design.ProbeIdentity);
        var mated = queries.Count(query => query.References.Count > 0);
        var found = GallerySearch.Run(probes, queries, gallery, design.Galleries,
            new SearchOptions(Highest: design.Mates == MateRule.Any
                ? mated : DistractorVerification.Kept(design.Probes.Length, design.Galleries[^1])), cancel);
        return SearchScores.Build(name, design.Mates, queries, found, design.Levels,
            design.Ranks) with
        { Person = design.ProbeIdentity, Gallery = design.Entries, FalsePositiveRates = design.FalsePositiveRates };

        EmbeddingMatrix Rows(int[] images, Func<int, int> row) => embeddings.Normalised([.. images.Select(row)], locate);
    }

    /// <inheritdoc/>
    public override void Describe(DesignHash hash)
    {
        var design = Design;
        hash.Add((int)design.Mates, ImageCount);
        foreach (var part in new[] { design.Probes, design.ProbeIdentity, design.Enrolled, design.EnrolledIdentity, design.Distractors,
            design.Levels, design.Ranks })
        {
            hash.Add(part.Length);
            hash.Add(part);
        }
    }

    /// <summary>Numbers identities in order of first appearance.</summary>
    internal static int[] Numbers(IEnumerable<string> identities, Dictionary<string, int> numbers) =>
        [.. identities.Select(UnicodeForm.Decomposed)
            .Select(name => numbers.TryGetValue(name, out var number) ? number : numbers[name] = numbers.Count)];

    private int Mates()
    {
        var all = (Design.Mates == MateRule.Any ? Design.EnrolledIdentity : Design.ProbeIdentity).CountBy(identity => identity)
            .ToDictionary();
        return Design.ProbeIdentity.Sum(identity => all.GetValueOrDefault(identity) - (Design.Mates == MateRule.Any ? 0 : 1));
    }

    /// <param name="mates">The same images as the probes, as pictures of the gallery.</param>
    private static ProbeQuery[] MatesAlone(EmbeddingMatrix probes, EmbeddingMatrix mates, int[] identity)
    {
        var rowsOf = Enumerable.Range(0, identity.Length).ToLookup(row => identity[row]);
        return [.. identity.Select((one, probe) => new ProbeQuery(
            [.. rowsOf[one].Where(mate => mate != probe)
                .Select(mate => new Reference(TileProduct.Exact(probes[probe], mates[mate]), int.MaxValue))], []))];
    }
}

/// <summary>An identification test whose images are files.</summary>
/// <param name="files">Full path and name, distinct.</param>
/// <param name="persons">The person in each image; null if unknown.</param>
/// <param name="notes">What was noticed when the lists were read.</param>
internal sealed class FileIdentification(string name, IReadOnlyList<(string Path, string Name)> files, IReadOnlyList<string?> persons,
    IdentificationDesign design, IReadOnlyList<string> notes) : IdentificationTest
{
    public override IReadOnlyList<string> Notes => [.. notes, .. base.Notes];

    public override string Name => name;

    public override int ImageCount => files.Count;

    public override IdentificationDesign Design => design;

    public override FaceImage Read(int image) => Noting(image, ImageDecoder.DecodeFile(files[image].Path));

    public override string Locate(int image) => files[image].Path;

    public override string ImageName(int image) => files[image].Name;

    public override string? ImageKey(int image) => SourceFingerprint.OfFile(files[image].Path);

    public override string? PersonName(int image) => persons[image];
}
