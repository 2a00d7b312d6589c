using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Ablation.Harness.Faces;
using Ablation.Harness.Formats;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Protocols;

/// <summary>The pairs file of Labeled Faces in the Wild (Huang et al. 2007, its README, section 3c): a header "folds TAB n" (or only
/// "n" for one fold), then per fold n pairs of one identity (name, number, number) and n of two (name, number, name, number).</summary>
[Description("LFW's pairs.txt over a folder of images NAME/NAME_NNNN.jpg")]
public sealed record LfwPairsOptions : PairProtocolOptions
{
    [Required, Description("The folder of the images")]
    [OnDisk]
    public required string Images { get; init; }

    [Required, Description("The pairs file: pairs.txt, or one of the pairsDev files")]
    [OnDisk]
    public required string Pairs { get; init; }

    [Description("Name in tables; default: LFW")]
    public string? Name { get; init; }

    [Description("The extension of the image files, with the dot")]
    public string Extension { get; init; } = ".jpg";

    protected override PairProtocol OpenPairs(DataRoot data)
    {
        var list = data.Resolve(Pairs);
        var images = data.Resolve(Images);
        if (!File.Exists(list)) throw new DataProblem(list, "no such file", "check the path and the data folder");
        if (!Directory.Exists(images)) throw new DataProblem(images, "no such folder", "check the path and the data folder");
        return new LfwPairsFile(list, images, Extension).Read(Name ?? "LFW");
    }
}

internal sealed class LfwPairsFile(string list, string images, string extension)
{
    private static readonly char[] White = ['\t', ' '];
    private readonly FileNumbers files = new();

    public PairProtocol Read(string name)
    {
        var (folds, perKind, promised) = (0, 0, long.MaxValue);
        var lines = new List<string>();
        foreach (var (text, line) in ProtocolLines.Untrimmed(list, "check the path and the data folder"))
        {
            lines.Add(text);
            if (string.IsNullOrWhiteSpace(text)) continue;
            if (folds == 0) (folds, perKind) = Header(lines[0]);
            promised = (long)folds * perKind * 2;
            if (line - 1 > promised) throw Count(line);
        }

        var end = lines.Count;
        while (end > 0 && string.IsNullOrWhiteSpace(lines[end - 1])) end--; // blank lines at the end only
        if (end == 0) throw new DataProblem(list, "the file is empty", "the first line is: folds TAB pairs of each kind");
        if (end - 1 != promised) throw Count(end);
        var pairs = new FacePair[end - 1];
        for (var i = 0; i < pairs.Length; i++) pairs[i] = Pair(lines[i + 1], i, perKind);
        return new FilePairs(name, images, files.Files, pairs, folds, file => Path.GetFileName(Path.GetDirectoryName(file)));

        DataProblem Count(int last) =>
            new($"{list}({last})", $"{last - 1} pairs, but the header promises {folds} x 2 x {perKind}", "download the file again");
    }

    private (int Folds, int PerKind) Header(string line)
    {
        var fields = line.Split(White, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length is 1 or 2) return (fields.Length == 2 ? Number(fields[0], 1) : 1, Number(fields[^1], 1));
        throw new DataProblem($"{list}(1)", $"\"{line}\" is no header", "the first line is: folds TAB pairs of each kind");
    }

    private FacePair Pair(string text, int index, int perKind)
    {
        var line = index + 2;
        var same = index % (2 * perKind) < perKind;
        var fields = text.Split(White, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != (same ? 3 : 4))
        {
            throw new DataProblem($"{list}({line})",
                $"{fields.Length} columns, but a pair of {(same ? "one identity has 3" : "two identities has 4")}",
                $"a fold is {perKind} pairs of one identity, then {perKind} of two");
        }

        var first = Image(fields[0], fields[1], line);
        var second = Image(same ? fields[0] : fields[2], fields[^1], line);
        if (first == second) throw new DataProblem($"{list}({line})", "both images of the pair are the same", "download the file again");
        if (!same && UnicodeForm.AreEqual(fields[0], fields[2]))
            throw new DataProblem($"{list}({line})", $"both images are of {fields[0]}", "a line of 4 columns is a pair of two identities");
        return new FacePair(first, second, same, index / (2 * perKind));
    }

    private int Image(string name, string number, int line)
    {
        var file = $"{name}_{Number(number, line).ToString("0000")}{extension}";
        return files.NumberOf(Path.Combine(images, name, file), $"{list}({line})");
    }

    private int Number(string field, int line) =>
        int.TryParse(field, NumberStyles.None, null, out var number) && number > 0
            ? number
            : throw new DataProblem($"{list}({line})", $"\"{field}\" is not a number from 1", "download the file again");
}
