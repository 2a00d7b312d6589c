using Ablation.Harness.Images;
using SkiaSharp;

namespace Ablation.Harness.Faces;

/// <summary>Draws pictures in a grid, to see what a reader read. Draws no text, so it needs no fonts.</summary>
public static class ContactSheet
{
    /// <summary>Number of images that are searched for the rows, so that a shuffled pack of millions does not take minutes.</summary>
    public const int MostLookedAt = 20_000;

    private const int Gap = 2; // pixels between and around the cells

    /// <summary>Writes a PNG with one row per identity (the first ones found) and its images as columns.</summary>
    /// <param name="cell">Side of a cell in pixels; images keep their proportions.</param>
    public static void Draw(FaceSource source, int rows, int columns, int cell, string file)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        var chosen = new List<List<int>>();
        var rowOf = new Dictionary<int, List<int>>();
        for (var index = 0; index < Math.Min(source.Count, MostLookedAt); index++)
        {
            var identity = source.IdentityOf(index);
            if (!rowOf.TryGetValue(identity, out var row))
            {
                if (chosen.Count == rows) continue;
                chosen.Add(rowOf[identity] = row = []);
            }

            if (row.Count < columns) row.Add(index);
            if (chosen.Count == rows && chosen.All(images => images.Count == columns)) break;
        }

        Draw([.. chosen.Select(row => row.Select(index => source.Read(index).Image).ToList())], cell, file);
    }

    /// <summary>Writes the given pictures as a PNG, one row per list.</summary>
    public static void Draw(IReadOnlyList<IReadOnlyList<FaceImage>> rows, int cell, string file) =>
        File.WriteAllBytes(file, Png(rows, cell));

    /// <summary>
    /// Returns the bytes of the PNG: (columns x (cell + 2) + 2) by (rows x (cell + 2) + 2) pixels, white between the cells.
    /// </summary>
    public static byte[] Png(IReadOnlyList<IReadOnlyList<FaceImage>> rows, int cell)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cell, 1);
        var columns = rows.Count == 0 ? 0 : rows.Max(row => row.Count);
        if (columns == 0) throw new ArgumentException("no pictures to draw", nameof(rows));
        using var sheet = new SKBitmap(columns * (cell + Gap) + Gap, rows.Count * (cell + Gap) + Gap);
        using (var canvas = new SKCanvas(sheet))
        {
            canvas.Clear(SKColors.White);
            for (var row = 0; row < rows.Count; row++)
            {
                for (var column = 0; column < rows[row].Count; column++)
                    Place(canvas, rows[row][column], Gap + column * (cell + Gap), Gap + row * (cell + Gap), cell);
            }
        }

        using var png = sheet.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }

    private static void Place(SKCanvas canvas, FaceImage image, int left, int top, int cell)
    {
        using var picture = PngPicture.Of(image);
        var scale = Math.Min((float)cell / image.Width, (float)cell / image.Height);
        var (width, height) = (image.Width * scale, image.Height * scale);
        var place = SKRect.Create(left + (cell - width) / 2, top + (cell - height) / 2, width, height);
        var sampling = scale == 1
            ? new SKSamplingOptions(SKFilterMode.Nearest)
            : new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear);
        canvas.DrawImage(picture, place, sampling);
    }
}
