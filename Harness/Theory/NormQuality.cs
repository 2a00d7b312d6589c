using Ablation.Harness.Batches;
using Ablation.Harness.Embedding;
using Ablation.Harness.Faces;
using Ablation.Harness.Images;
using Ablation.Harness.Protocols;
using MathNet.Numerics.Statistics;

namespace Ablation.Harness.Theory;

/// <summary>Embedding norms of the same images at one resolution.</summary>
/// <param name="Side">Pixels that an image was reduced to before it was brought to the network's size.</param>
/// <param name="MeanNorm">Mean norm of the raw embeddings, those of image and mirrored image summed.</param>
public sealed record NormLevel(int Side, double MeanNorm);

/// <summary>
/// Whether the norm of an embedding follows the resolution of its image, as losses that take the norm for quality assume (AdaFace,
/// MagFace): training images drawn by the trial's seed, each at the network's size, at half and at a quarter of it.
/// </summary>
/// <param name="Images">Number of images, at most 400.</param>
/// <param name="RankCorrelation">Spearman's, of side and norm over all images at all sizes, -1 .. 1; null where norms are equal.</param>
public sealed record NormQuality(int Images, double? RankCorrelation, IReadOnlyList<NormLevel> Levels)
{
    private const int MostImages = 400;
    private static readonly int[] Shares = [1, 2, 4];

    /// <summary>Measures some of the images drawn for the theory; null, and a reason, if an embedding is bad.</summary>
    /// <param name="drawn">Indices in the set; neighbours are of one identity, so they are taken in even steps.</param>
    internal static NormQuality? TryMeasure(FaceSource source, IReadOnlyList<int> drawn, ImageEmbedder network, BatchOptions batches,
        Action<string> report, CancellationToken cancel)
    {
        try
        {
            return Measure(source, drawn, network, batches, cancel);
        }
        catch (InvalidOperationException e) // an embedding of a small image is zero: the other figures do not fail for it
        {
            report($"norm and resolution are not compared: {e.Message}");
            return null;
        }
    }

    /// <inheritdoc cref="TryMeasure"/>
    internal static NormQuality Measure(FaceSource source, IReadOnlyList<int> drawn, ImageEmbedder network, BatchOptions batches,
        CancellationToken cancel)
    {
        var count = Math.Min(MostImages, drawn.Count);
        int[] images = [.. Enumerable.Range(0, count).Select(i => drawn[(int)((long)i * drawn.Count / count)])];
        var (sides, norms, levels) = (new List<double>(), new List<double>(), new List<NormLevel>());
        foreach (var side in Shares.Select(share => Math.Max(1, network.Resolution / share)).Distinct())
        {
            using var faces = new ReducedFaces(source, images, side);
            var rows = Embedder.Embed(network, faces, batches, null, cancel).Sum;
            double[] ofLevel = [.. Enumerable.Range(0, rows.Rows).Select(row => rows.Norm(row, faces.Locate))];
            levels.Add(new NormLevel(side, ofLevel.Average()));
            sides.AddRange(Enumerable.Repeat((double)side, ofLevel.Length));
            norms.AddRange(ofLevel);
        }

        var correlation = Correlation.Spearman(sides, norms);
        return new NormQuality(count, double.IsFinite(correlation) ? correlation : null, levels);
    }

    /// <summary>Images with no more than some pixels a side.</summary>
    private sealed class ReducedFaces(FaceSource source, IReadOnlyList<int> images, int side) : DrawnFaces(source, images)
    {
        public override FaceImage Read(int image)
        {
            var whole = base.Read(image);
            return Resample.Area(whole, Math.Min(side, whole.Width), Math.Min(side, whole.Height));
        }
    }
}
