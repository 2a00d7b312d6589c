using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Ablation.Harness.Faces;
using Ablation.Harness.Formats;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Protocols;

/// <summary>How a list names the person of an image.</summary>
public enum PersonFrom
{
    /// <summary>Nothing does.</summary>
    None,

    /// <summary>The name of the folder that the image lies in.</summary>
    Folder,
}

/// <summary>
/// A list of pairs of one's own: a text file with two images, 1 (one person) or 0 (two), and perhaps a fold, on each line.
/// </summary>
[Description("A plain list of pairs: image, image, 1 or 0 and perhaps a fold on each line, by tabs, commas or spaces")]
public sealed record PairListOptions : PairProtocolOptions
{
    [Required, Description("The list; no header; a fold is a whole number, from 0 or from 1; without that column 10 contiguous folds")]
    [OnDisk]
    public required string Path { get; init; }

    [Required, Description("The folder from which the list's paths start")]
    [OnDisk]
    public required string Root { get; init; }

    [Description("What tables call it; the list's name where left out")]
    public string? Name { get; init; }

    [Description("Names the person of an image: none, or the name of its folder")]
    public PersonFrom PersonFrom { get; init; }

    protected override PairProtocol OpenPairs(DataRoot data)
    {
        var (list, root) = (data.Resolve(Path), data.Resolve(Root));
        if (!Directory.Exists(root)) throw new DataProblem(root, "no such folder", "root is the folder from which the list's paths start");
        return new PairListFile(list, root, PersonFrom).Read(Name ?? System.IO.Path.GetFileNameWithoutExtension(list));
    }
}

internal sealed class PairListFile(string list, string root, PersonFrom personFrom)
{
    private const string Cure =
        "each line is: image, image, 1 or 0, and a fold on all lines or none; the first line decides whether tabs, commas or spaces part " +
        "them";
    private const int MostFolds = 1000;
    private readonly FileNumbers files = new();
    private readonly List<FacePair> pairs = [];
    private readonly List<int> lines = [];

    public PairProtocol Read(string name)
    {
        var (columns, parting) = (0, ' ');
        foreach (var (text, line) in ProtocolLines.Read(list, "check the path and the data folder"))
        {
            if (columns == 0) parting = text.Contains('\t') ? '\t' : text.Contains(',') ? ',' : ' ';
            var fields = text.Split(parting,
                StringSplitOptions.TrimEntries | (parting == ' ' ? StringSplitOptions.RemoveEmptyEntries : StringSplitOptions.None));
            if (columns == 0) columns = fields.Length;
            if (fields.Length is not (3 or 4) || fields.Contains("")) throw Problem(line, $"\"{text}\" is no pair");
            if (fields.Length != columns) throw Problem(line, $"{fields.Length} columns where the first line has {columns}");
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
        if (first == second) throw Problem(line, "the pair is one image twice");
        var (firstFolder, secondFolder) = (Folder(files.Files[first]), Folder(files.Files[second]));
        if (personFrom == PersonFrom.Folder && UnicodeForm.AreEqual(firstFolder ?? "", secondFolder ?? "") != same)
            throw new DataProblem($"{list}({line})", $"{fields[2]}, but the images lie in the folders {firstFolder} and {secondFolder}",
                "correct the line, or let personFrom be none");
        var fold = fields.Length < 4 ? 0
            : int.TryParse(fields[3], NumberStyles.None, null, out var number) && number <= MostFolds ? number
            : throw Problem(line, $"\"{fields[3]}\" is no fold from 0 to {MostFolds}");
        return new FacePair(first, second, same, fold);
    }

    private int Image(string path, int line)
    {
        if (path.Contains('\0')) throw Problem(line, "a path holds a character of code 0");
        return files.NumberOf(Path.GetFullPath(Path.Combine(root, path.Replace('\\', '/'))), $"{list}({line})");
    }

    private (IReadOnlyList<FacePair> Pairs, int Folds) Contiguous()
    {
        var folds = ContiguousFolds.Count(pairs.Count);
        return ([.. pairs.Select((pair, i) => pair with { Fold = ContiguousFolds.FoldOf(i, pairs.Count, folds) })], folds);
    }

    /// <summary>Folds as listed, numbered from 0; each number up to the highest must have pairs.</summary>
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
