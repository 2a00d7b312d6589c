using Ablation.Harness.Embedding;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;
using Ablation.Harness.Metrics;

namespace Ablation.Harness.Protocols;

/// <summary>
/// A test whose pictures are reduced to p x p pixels, each the mean of the area that it covers: of pairs, or an identification with its
/// gallery and its probes. <see cref="Read"/> returns the small picture in bytes; the embedder resamples it to the network's input in one
/// step, by bicubic to enlarge, by area to reduce.
/// </summary>
public sealed class LowResolutionTest : FaceTest
{
    /// <summary>Means the picture at its stored size.</summary>
    public const int Native = 0;

    private const string Ending = ", low resolution (synthetic)";
    private readonly FaceTest test;
    private readonly ITwoSidedTest sides;
    private readonly LowResolutionCells cells;
    private readonly int[] resolutions;
    private readonly ReducedImages images;

    /// <param name="test">An <see cref="ITwoSidedTest"/>; disposed with this test.</param>
    /// <param name="pixels">Pixels per side, without <see cref="Native"/>, which is always compared.</param>
    public LowResolutionTest(FaceTest test, IReadOnlyList<int> pixels, LowResolutionCells cells)
    {
        (this.test, sides) = (test, test as ITwoSidedTest ?? throw new ArgumentException($"{test.Name} has no two sides", nameof(test)));
        (this.cells, resolutions) = (cells, [.. pixels, Native]);
        var compared = Cells().ToList();
        var (gallery, probes) = (sides.GalleryImages, sides.ProbeImages);
        images = new ReducedImages(test.Name, [.. resolutions.Select(one => (one, (IReadOnlyList<int>)[.. new SortedSet<int>(
        [
            .. compared.Exists(cell => cell.Gallery == one) ? gallery : [],
            .. compared.Exists(cell => cell.Probe == one) ? probes : [],
        ])]))], test.ImageCount);
    }

    /// <inheritdoc/>
    public override string Name => test.Name + Ending;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Parts => [.. Cells().Select(cell => CellName(cell.Gallery, cell.Probe))];

    /// <summary>Reads the first image at each resolution.</summary>
    public override void Probe()
    {
        foreach (var first in images.Starts) Read(first);
    }

    /// <inheritdoc/>
    public override int ImageCount => images.Count;

    /// <inheritdoc/>
    public override FaceImage Read(int image)
    {
        var (pixels, of) = images[image];
        var stored = test.Read(of);
        if (pixels == Native) return stored;
        if (stored.Width < pixels || stored.Height < pixels)
            throw new DataProblem(test.Locate(of),
                $"{stored.Width} x {stored.Height} pixels cannot be reduced to {pixels} x {pixels}", $"remove {pixels} from resolutions");
        return Resample.Area(stored, pixels, pixels);
    }

    /// <inheritdoc/>
    public override string Locate(int image) => test.Locate(images[image].Of);

    /// <inheritdoc/>
    public override string ImageName(int image) => $"{Text(images[image].Pixels)}/{test.ImageName(images[image].Of)}";

    /// <inheritdoc/>
    public override string? ImageKey(int image) => test.ImageKey(images[image].Of) is not { } key ? null
        : images[image].Pixels == Native ? key : $"{key} area {images[image].Pixels}";

    /// <inheritdoc/>
    public override string? PersonName(int image) => test.PersonName(images[image].Of);

    /// <inheritdoc/>
    public override IReadOnlyList<TestScores> Score(TestEmbeddings embeddings, CancellationToken cancel)
    {
        var compare = sides.Compare(embeddings.Sum, Locate, cancel);
        return [.. Cells().Select(cell =>
        {
            cancel.ThrowIfCancellationRequested();
            var (gallery, probe) = cell;
            return compare(CellName(gallery, probe), Row(gallery), Row(probe)) with { GalleryPixels = gallery, ProbePixels = probe };
        })];

        Func<int, int> Row(int pixels) => image => images.Row(Array.IndexOf(resolutions, pixels), image);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notes => test.Notes;

    /// <inheritdoc/>
    public override long ScoreCount => (long)Cells().Count() * test.ScoreCount;

    /// <inheritdoc/>
    public override void Describe(DesignHash hash)
    {
        test.Describe(hash);
        hash.Add("low resolution");
        hash.Add(resolutions);
        hash.Add((int)cells);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        test.Dispose();
        base.Dispose();
    }

    /// <summary>Returns "LFW, 14 x native px (synthetic)": gallery, then probe.</summary>
    private string CellName(int gallery, int probe) => test.Name + Suffix(gallery, probe);

    private static string Suffix(int gallery, int probe) => $", {Text(gallery)} x {Text(probe)} px (synthetic)";

    /// <summary>Returns the test and the cell ("14 x native px") of scores; null for scores of other tests.</summary>
    public static (string Test, string Gallery, string Cell)? CellOf(ITestPart scores)
    {
        if (scores is not { GalleryPixels: { } gallery, ProbePixels: { } probe }
            || !scores.Test.EndsWith(Suffix(gallery, probe), StringComparison.Ordinal)) return null;
        return ($"{scores.Test[..^Suffix(gallery, probe).Length]}{Ending}", Text(gallery), $"{Text(gallery)} x {Text(probe)} px");
    }

    private IEnumerable<(int Gallery, int Probe)> Cells() => cells switch
    {
        LowResolutionCells.Diagonal => resolutions.Select(pixels => (pixels, pixels)),
        LowResolutionCells.NativeGallery => resolutions.Select(pixels => (Native, pixels)),
        _ => resolutions.SelectMany(gallery => resolutions.Select(probe => (gallery, probe))),
    };

    /// <summary>Returns "14" or "native".</summary>
    public static string Text(int pixels) => pixels == Native ? "native" : pixels.ToString();
}
