using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Ablation.Harness.Faces;
using Ablation.Harness.Formats;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Protocols;

/// <summary>How a list identifies the person of an image.</summary>
public enum PersonFrom
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>By the name of the image's folder.</summary>
    Folder,
}

/// <summary>
/// A custom list of pairs: a text file with two images, 1 (one person) or 0 (two), and optionally a fold, on each line.
/// </summary>
[Description("A custom list of pairs: image, image, 1 or 0 and optionally a fold on each line, separated by tabs, commas or spaces")]
public sealed record PairListOptions : PairProtocolOptions
{
    [Required, Description("The list, without a header; folds are numbered from 0 or from 1; without that column 10 contiguous folds")]
    [OnDisk]
    public required string Path { get; init; }

    [Required, Description("The folder that the list's paths are relative to")]
    [OnDisk]
    public required string Root { get; init; }

    [Description("Name in tables; default: the list's name")]
    public string? Name { get; init; }

    [Description("Identifies the person of an image: none, or folder for the name of the image's folder")]
    public PersonFrom PersonFrom { get; init; }

    protected override PairProtocol OpenPairs(DataRoot data)
    {
        var (list, root) = (data.Resolve(Path), data.Resolve(Root));
        if (!Directory.Exists(root)) throw new DataProblem(root, "no such folder", "the list's paths are relative to root");
        return new PairListFile(list, root, PersonFrom).Read(Name ?? System.IO.Path.GetFileNameWithoutExtension(list));
    }
}

internal sealed class PairListFile(string list, string root, PersonFrom personFrom)
{
    private const string Cure =
        "each line is: image, image, 1 or 0, and a fold on all lines or none; tabs, commas or spaces separate them, as on the first line";
    private const int MostFolds = 1000;
    private readonly FileNumbers files = new();
    private readonly List<FacePair> pairs = [];
    private readonly List<int> lines = [];
    private readonly Dictionary<(int, int), (bool Same, int Line)> known = [];

    public PairProtocol Read(string name)
    {
        var (columns, separator) = (0, ' ');
        foreach (var (text, line) in ProtocolLines.Read(list, "check the path and the data folder"))
        {
            if (columns == 0) separator = text.Contains('\t') ? '\t' : text.Contains(',') ? ',' : ' ';
            var fields = text.Split(separator,
                StringSplitOptions.TrimEntries | (separator == ' ' ? StringSplitOptions.RemoveEmptyEntries : StringSplitOptions.None));
            if (columns == 0) columns = fields.Length;
            if (fields.Length is not (3 or 4) || fields.Contains("")) throw Problem(line, $"\"{text}\" is no pair");
            if (fields.Length != columns) throw Problem(line, $"{fields.Length} columns, but the first line has {columns}");
            pairs.Add(Pair(fields, line));
            lines.Add(line);
        }

        if (pairs.Count == 0) throw new DataProblem(list, "there are no pairs", Cure);
        var (folded, folds) = columns == 4 ? Listed() : Contiguous();
        return new FilePairs(name, root, files.Files, folded, folds, personFrom == PersonFrom.Folder ? Folder : null);
    }

    private FacePair Pair(string[] fields, int line)
    {
        var same = fields[2] switch { "1" => true, "0" => false, _ => throw Problem(line, $"\"{fields[2]}\" is neither 1 nor 0") };
        var (first, second) = (Image(fields[0], line), Image(fields[1], line));
        if (first == second) throw Problem(line, "both images of the pair are the same");
        if (!known.TryAdd((Math.Min(first, second), Math.Max(first, second)), (same, line))
            && known[(Math.Min(first, second), Math.Max(first, second))] is var before && before.Same != same)
            throw new DataProblem($"{list}({line})", $"{fields[2]}, but line {before.Line} has the same two images with the other label",
                "remove the wrong one");
        var (firstFolder, secondFolder) = (Folder(files.Files[first]), Folder(files.Files[second]));
        if (personFrom == PersonFrom.Folder && UnicodeForm.AreEqual(firstFolder ?? "", secondFolder ?? "") != same)
            throw new DataProblem($"{list}({line})", $"{fields[2]}, but the images are in the folders {firstFolder} and {secondFolder}",
                "correct the line, or set personFrom to none");
        var fold = fields.Length < 4 ? 0
            : int.TryParse(fields[3], NumberStyles.None, null, out var number) && number <= MostFolds ? number
            : throw Problem(line, $"\"{fields[3]}\" is no fold from 0 to {MostFolds}");
        return new FacePair(first, second, same, fold);
    }

    private int Image(string path, int line)
    {
        if (path.Contains('\0')) throw Problem(line, "a path contains a character of code 0");
        return files.NumberOf(Path.GetFullPath(Path.Combine(root, path.Replace('\\', '/'))), $"{list}({line})");
    }

    private (IReadOnlyList<FacePair> Pairs, int Folds) Contiguous()
    {
        var folds = ContiguousFolds.Count(pairs.Count);
        return ([.. pairs.Select((pair, i) => pair with { Fold = ContiguousFolds.FoldOf(i, pairs.Count, folds) })], folds);
    }

    /// <summary>Returns the listed folds, numbered from 0; each number up to the highest must have pairs.</summary>
    private (IReadOnlyList<FacePair> Pairs, int Folds) Listed()
    {
        var (lowest, highest) = (pairs.Min(pair => pair.Fold), pairs.Max(pair => pair.Fold));
        if (lowest > 1) throw Problem(lines[0], $"the folds begin at {lowest}");
        var there = pairs.Select(pair => pair.Fold).ToHashSet();
        for (var fold = lowest; fold <= highest; fold++)
        {
            if (!there.Contains(fold))
                throw new DataProblem(list, $"no pair is in fold {fold} of {lowest} to {highest}", "number the folds without a gap");
        }

        return ([.. pairs.Select(pair => pair with { Fold = pair.Fold - lowest })], highest - lowest + 1);
    }

    private static string? Folder(string file) => Path.GetFileName(Path.GetDirectoryName(file));

    private DataProblem Problem(int line, string what) => new($"{list}({line})", what, Cure);
}
