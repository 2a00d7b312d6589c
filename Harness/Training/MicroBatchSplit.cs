namespace Ablation.Harness.Training;

/// <summary>Cuts a micro-batch into pieces, which need less memory.</summary>
internal static class MicroBatchSplit
{
    /// <summary>Returns the number of images of each piece, nearly equal, larger ones first.</summary>
    /// <exception cref="ArgumentException">A piece would have a single image, which has no batch statistics.</exception>
    public static IReadOnlyList<int> Split(int images, int split)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(split, 1);
        if (split > 1 && images / split < 2)
        {
            throw new ArgumentException(
                $"a micro-batch of {images} images cannot be cut into {split} pieces: one of a single image has no batch statistics; " +
                (images >= 4 ? $"{images / 2} pieces are the most" : "raise batch, or do not cut it"));
        }

        return [.. Enumerable.Range(0, split).Select(piece => images / split + (piece < images % split ? 1 : 0))];
    }
}
