using Ablation.Harness.Embedding;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;
using Ablation.Harness.Metrics;

namespace Ablation.Harness.Protocols;

/// <summary>
/// A pair test whose pictures are reduced to p x p pixels, each the mean of the area that it covers. <see cref="Read"/> returns the small
/// picture in bytes; the embedder resamples it to the network's input in one step, by bicubic to enlarge, by area to reduce.
/// </summary>
public sealed class LowResolutionTest : FaceTest
{
    /// <summary>Means the picture at its stored size.</summary>
    public const int Native = 0;

    private const string Ending = ", low resolution (synthetic)";
    private readonly PairProtocol pairs;
    private readonly LowResolutionCells cells;
    private readonly int[] resolutions; // one block of embedded images per resolution

    /// <param name="pairs">Disposed with this test.</param>
    /// <param name="pixels">Pixels per side, without <see cref="Native"/>, which is always compared.</param>
    public LowResolutionTest(PairProtocol pairs, IReadOnlyList<int> pixels, LowResolutionCells cells)
    {
        (this.pairs, this.cells, resolutions) = (pairs, cells, [.. pixels, Native]);
        if ((long)resolutions.Length * pairs.ImageCount > int.MaxValue)
            throw new DataProblem(pairs.Name, $"{resolutions.Length} x {pairs.ImageCount} images are too many", "name fewer resolutions");
    }

    /// <inheritdoc/>
    public override string Name => pairs.Name + Ending;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Parts => [.. Cells().Select(cell => CellName(cell.Gallery, cell.Probe))];

    /// <summary>Reads the first image at each resolution.</summary>
    public override void Probe()
    {
        foreach (var pixels in resolutions) Read(Start(pixels));
    }

    /// <inheritdoc/>
    public override int ImageCount => resolutions.Length * pairs.ImageCount;

    /// <inheritdoc/>
    public override FaceImage Read(int image)
    {
        var (pixels, stored) = (PixelsOf(image), pairs.Read(image % pairs.ImageCount));
        if (pixels == Native) return stored;
        if (stored.Width < pixels || stored.Height < pixels)
            throw new DataProblem(pairs.Locate(image % pairs.ImageCount),
                $"{stored.Width} x {stored.Height} pixels cannot be reduced to {pixels} x {pixels}", $"remove {pixels} from resolutions");
        return Resample.Area(stored, pixels, pixels);
    }

    /// <inheritdoc/>
    public override string Locate(int image) => pairs.Locate(image % pairs.ImageCount);

    /// <inheritdoc/>
    public override string ImageName(int image) => $"{Text(PixelsOf(image))}/{pairs.ImageName(image % pairs.ImageCount)}";

    /// <inheritdoc/>
    public override string? ImageKey(int image) => pairs.ImageKey(image % pairs.ImageCount) is not { } key ? null
        : PixelsOf(image) == Native ? key : $"{key} area {PixelsOf(image)}";

    /// <inheritdoc/>
    public override string? PersonName(int image) => pairs.PersonName(image % pairs.ImageCount);

    /// <inheritdoc/>
    public override IReadOnlyList<TestScores> Score(TestEmbeddings embeddings, CancellationToken cancel)
    {
        var scoring = new PairScoring(pairs, embeddings.Sum, Locate);
        return [.. Cells().Select(cell =>
        {
            cancel.ThrowIfCancellationRequested();
            var (gallery, probe) = cell;
            var (galleryStart, probeStart) = (Start(gallery), Start(probe));
            return scoring.Distances(CellName(gallery, probe), image => galleryStart + image,
                image => probeStart + image) with { GalleryPixels = gallery, ProbePixels = probe };
        })];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notes => pairs.Notes;

    /// <inheritdoc/>
    public override long ScoreCount => (long)Cells().Count() * pairs.ScoreCount;

    /// <inheritdoc/>
    public override void Describe(DesignHash hash)
    {
        pairs.Describe(hash);
        hash.Add("low resolution");
        hash.Add(resolutions);
        hash.Add((int)cells);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        pairs.Dispose();
        base.Dispose();
    }

    /// <summary>Returns "LFW, 14 x native px (synthetic)": gallery, then probe.</summary>
    private string CellName(int gallery, int probe) => pairs.Name + Suffix(gallery, probe);

    private static string Suffix(int gallery, int probe) => $", {Text(gallery)} x {Text(probe)} px (synthetic)";

    /// <summary>Returns the test and the cell ("14 x native px") of scores; null for scores of other tests.</summary>
    public static (string Test, string Gallery, string Cell)? CellOf(PairScores scores)
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

    private int PixelsOf(int image) => resolutions[image / pairs.ImageCount];

    private int Start(int pixels) => Array.IndexOf(resolutions, pixels) * pairs.ImageCount;
}
