using Ablation.Harness.Foundations;

namespace Ablation.Harness.Protocols;

/// <summary>The images of a low-resolution test: for each resolution a block of those images that any cell compares at it.</summary>
internal sealed class ReducedImages
{
    private const int Absent = -1;
    private readonly (int Pixels, int Of)[] all;
    private readonly int[][] rows; // by block and image

    /// <param name="test">Named in an error.</param>
    /// <param name="blocks">Resolution and its images, rising.</param>
    /// <param name="count">Images of the test.</param>
    /// <exception cref="DataProblem">They are more than can be numbered.</exception>
    public ReducedImages(string test, IReadOnlyList<(int Pixels, IReadOnlyList<int> Of)> blocks, int count)
    {
        if (blocks.Sum(block => (long)block.Of.Count) > Array.MaxLength)
            throw new DataProblem(test, $"{blocks.Count} x {count} images are too many", "name fewer resolutions");
        all = [.. blocks.SelectMany(block => block.Of.Select(image => (block.Pixels, image)))];
        rows = new int[blocks.Count][];
        var starts = new int[blocks.Count];
        for (var (block, start) = (0, 0); block < rows.Length; start += blocks[block++].Of.Count)
        {
            (rows[block], starts[block]) = (new int[count], start);
            Array.Fill(rows[block], Absent);
            foreach (var (place, image) in blocks[block].Of.Index()) rows[block][image] = start + place;
        }

        Starts = starts;
    }

    public int Count => all.Length;

    /// <summary>The first image of each block.</summary>
    public IReadOnlyList<int> Starts { get; }

    /// <summary>Returns the resolution, and the image of the test.</summary>
    public (int Pixels, int Of) this[int row] => all[row];

    /// <summary>Returns the row of an image of the test in a block.</summary>
    public int Row(int block, int image) => rows[block][image] is var row and not Absent ? row
        : throw new ArgumentOutOfRangeException(nameof(image), image, "no cell compares this image at this resolution");
}
