using Ablation.Harness.Faces;
using Ablation.Harness.Formats;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;
using Ablation.Harness.Protocols;

namespace Ablation.Harness.Inspection;

/// <summary>What was written.</summary>
/// <param name="Groups">Identities, or pairs.</param>
/// <param name="Copied">Images that are the bytes of their files; the others were encoded anew, as PNG.</param>
public sealed record PackSummary(string Path, int Images, int Groups, int Copied, int Width, int Height);

/// <summary>
/// Packs faces as the field keeps them: training faces as a RecordIO pack, pairs as a verification .bin. A JPEG or PNG file goes in as it
/// is, so nothing is lost; what has no such file, or is resized, becomes a PNG.
/// </summary>
/// <param name="side">Every image is made a square of this many pixels; null keeps their size, which must then be one.</param>
/// <param name="write">Writes a file whole or not at all.</param>
public sealed class DataPack(int? side, Action<string, Action<Stream>> write)
{
    private static readonly string[] Copies = [".jpg", ".jpeg", ".png"];
    private (int Width, int Height)? size;
    private int copied;

    /// <summary>Writes train.rec, train.idx, property and identities.tsv (class, name) to a folder.</summary>
    /// <exception cref="DataProblem">An image is damaged or of another size, or the set has an identity without images.</exception>
    public PackSummary Write(FaceSource source, string folder, CancellationToken cancel)
    {
        source.CheckClasses(cancel);
        int[] order = [.. Enumerable.Range(0, source.Count).OrderBy(source.IdentityOf)]; // stable; an identity's images are together
        var index = "";
        write(Path.Combine(folder, "train.rec"), file => index = Records(source, order, file, cancel));
        write(Path.Combine(folder, "train.idx"), Text(index));
        write(Path.Combine(folder, "property"), Text($"{source.Identities},{size!.Value.Height},{size.Value.Width}\n"));
        write(Path.Combine(folder, "identities.tsv"), Text(string.Concat(
            Enumerable.Range(0, source.Identities).Select(identity => $"{identity}\t{source.NameOf(identity)}\n"))));
        return new PackSummary(folder, source.Count, source.Identities, copied, size.Value.Width, size.Value.Height);
    }

    /// <summary>Writes a .bin. It has no folds: readers cut it into ten of equal size, which must be those of the test.</summary>
    /// <exception cref="DataProblem">An image is damaged or of another size, or the folds of the test are not ten equal ones.</exception>
    public PackSummary Write(PairProtocol test, string file, CancellationToken cancel)
    {
        FacePair[] pairs = [.. test.Pairs.OrderBy(pair => pair.Fold)];
        var folds = ContiguousFolds.Count(pairs.Length);
        for (var i = 0; i < pairs.Length; i++)
        {
            if (ContiguousFolds.FoldOf(i, pairs.Length, folds) != pairs[i].Fold)
                throw new DataProblem(test.Name, $"its {test.Folds} folds are not {folds} of equal size, which a .bin is cut into",
                    "keep the list of pairs");
        }

        write(file, stream => PairPickle.Write(stream, pairs.SelectMany(pair => (int[])[pair.First, pair.Second]).Select(image =>
        {
            cancel.ThrowIfCancellationRequested();
            return Encoded(test.Locate(image), test.Read(image));
        }), pairs.Select(pair => pair.Same)));
        return new PackSummary(file, 2 * pairs.Length, pairs.Length, copied, size!.Value.Width, size.Value.Height);
    }

    private string Records(FaceSource source, int[] order, Stream file, CancellationToken cancel)
    {
        var output = new RecordIoOutput(file);
        var ends = new int[source.Identities + 1];
        foreach (var image in order) ends[source.IdentityOf(image) + 1]++;
        for (var identity = 0; identity < source.Identities; identity++) ends[identity + 1] += ends[identity];
        var first = source.Count + 1; // key of the first identity
        output.Write(0, [first, first + source.Identities], []);
        for (var i = 0; i < order.Length; i++)
        {
            cancel.ThrowIfCancellationRequested();
            var face = source.ReadChecked(order[i]);
            output.Write(i + 1, [face.Identity], Encoded(source.Locate(order[i]), face.Image));
        }

        for (var identity = 0; identity < source.Identities; identity++)
            output.Write(first + identity, [ends[identity] + 1, ends[identity + 1] + 1], []);
        return output.Index;
    }

    private byte[] Encoded(string where, FaceImage image)
    {
        var fits = side is null || (image.Width == side && image.Height == side);
        if (!fits) image = Resample.Square(image, side!.Value);
        size ??= (image.Width, image.Height);
        if ((image.Width, image.Height) != size)
            throw new DataProblem(where, $"{image.Width} x {image.Height} pixels, and the first image has {size.Value.Width} x " +
                $"{size.Value.Height}", "give --size, which makes every image a square of one size");
        if (!fits || !Copies.Contains(Path.GetExtension(where).ToLowerInvariant()) || !File.Exists(where)) return PngPicture.Bytes(image);
        copied++;
        return File.ReadAllBytes(where);
    }

    private static Action<Stream> Text(string text) => file => file.Write(System.Text.Encoding.UTF8.GetBytes(text));
}
