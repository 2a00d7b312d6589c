using Ablation.Harness.Batches;

namespace Ablation.Harness.Embedding;

/// <summary>
/// Uses the picture itself as its embedding, the baseline without training: grey (luma of ITU-R BT.601), 16 x 16 pixels, minus its mean,
/// divided by its deviation: 256 values, row after row. <see cref="FlipFusion.Sum"/> adds those of the mirrored picture.
/// </summary>
/// <remarks>A picture of one grey has no contrast; its embedding is zero, which is refused later with the image's name.</remarks>
public sealed class PixelEmbedder : ImageEmbedder
{
    private const int Side = 16;

    /// <inheritdoc/>
    public override int Resolution => Side;

    /// <inheritdoc/>
    public override string Key => "pixels 16";

    /// <inheritdoc/>
    public override IReadOnlyList<float[]> Embed(Batch batch, IReadOnlyList<FlipFusion> fusions)
    {
        var rows = fusions.Select(_ => new float[batch.Count * Side * Side]).ToArray();
        for (var item = 0; item < batch.Count; item++)
        {
            var grey = Grey(batch.PixelsOf(item));
            for (var fusion = 0; fusion < rows.Length; fusion++)
            {
                var row = rows[fusion].AsSpan(item * grey.Length, grey.Length);
                for (var i = 0; i < row.Length; i++)
                {
                    var mirrored = grey[i / Side * Side + (Side - 1 - i % Side)];
                    row[i] = (float)(fusions[fusion] == FlipFusion.Sum ? grey[i] + mirrored : grey[i]);
                }
            }
        }

        return rows;
    }

    private static double[] Grey(ReadOnlySpan<float> planes)
    {
        var grey = new double[Side * Side];
        for (var i = 0; i < grey.Length; i++)
            grey[i] = 0.299 * planes[i] + 0.587 * planes[grey.Length + i] + 0.114 * planes[2 * grey.Length + i];
        var mean = grey.Average();
        var deviation = Math.Sqrt(grey.Average(value => (value - mean) * (value - mean)));
        return deviation < 1e-6 ? new double[grey.Length] : Array.ConvertAll(grey, value => (value - mean) / deviation);
    }
}
