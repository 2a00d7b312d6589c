using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Serialization;
using Ablation.Harness.Faces;
using Ablation.Harness.Formats;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Protocols;

/// <summary>Which two views the pairs of CFP compare.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CfpProtocol>))]
public enum CfpProtocol
{
    /// <summary>Frontal against frontal.</summary>
    FF,

    /// <summary>Frontal against profile.</summary>
    FP,
}

/// <summary>Celebrities in Frontal-Profile (Sengupta et al. 2016): the authors' folder with <c>Protocol/</c> and
/// <c>Images/</c> (or <c>Data/Images/</c>); 10 folds, each of 350 pairs of one identity and 350 of two.</summary>
[Description("CFP as its authors publish it: Protocol/ and Images/")]
public sealed record CfpOptions : PairProtocolOptions
{
    [Required, Description("The folder that holds Protocol/ and Images/ (or Data/Images/)")]
    [OnDisk]
    public required string Root { get; init; }

    [Required, Description("FF: frontal against frontal; FP: frontal against profile")]
    public required CfpProtocol Protocol { get; init; }

    [Description("Name in tables; default: CFP-FF or CFP-FP (own alignment)")]
    public string? Name { get; init; }

    protected override PairProtocol OpenPairs(DataRoot data) =>
        new CfpFolder(data.Resolve(Root), Protocol).Read(Name ?? $"CFP-{Protocol} (own alignment)");
}

internal sealed class CfpFolder(string root, CfpProtocol protocol)
{
    private const string Cure = "Root is the folder that holds Protocol/ and Images/";
    private readonly FileNumbers files = new();
    private readonly List<FacePair> pairs = [];
    private readonly PersonNames names = new();

    public PairProtocol Read(string name)
    {
        var first = Images("F");
        var second = protocol == CfpProtocol.FP ? Images("P") : first;
        var split = Path.Combine(root, "Protocol", "Split", protocol.ToString());
        if (!Directory.Exists(split)) throw new DataProblem(split, "no such folder", Cure);
        string[] folds = [.. Directory.GetDirectories(split).Where(path => !SystemNames.Has(Path.GetFileName(path)))
            .Order(StringComparer.Ordinal)];
        if (folds.Length == 0) throw new DataProblem(split, "no folds in it", "expected Protocol/Split/FP/01/same.txt and so on");
        for (var fold = 0; fold < folds.Length; fold++)
        {
            AddPairs(Path.Combine(folds[fold], "same.txt"), true, fold, first, second);
            AddPairs(Path.Combine(folds[fold], "diff.txt"), false, fold, first, second);
        }

        return new FilePairs(name, ImagesFolder(), files.Files, pairs, folds.Length, Person);
    }

    /// <summary>Reads Pair_list_F.txt or Pair_list_P.txt; lines are "number ../Data/Images/identity/view/image.jpg".</summary>
    private List<(string Path, string Identity)> Images(string view)
    {
        var list = Path.Combine(root, "Protocol", $"Pair_list_{view}.txt");
        var images = new List<(string, string)>();
        var folder = ImagesFolder();
        foreach (var (text, line) in ProtocolLines.Read(list, Cure))
        {
            var fields = text.Split(' ', 2, StringSplitOptions.TrimEntries);
            var parts = fields[^1].Replace('\\', '/').Split('/');
            if (fields.Length != 2 || fields[0] != (images.Count + 1).ToString() || parts.Length < 4)
            {
                throw new DataProblem($"{list}({line})", $"\"{text}\" is not image {images.Count + 1}",
                    "each line is: number, space, ../Data/Images/identity/view/image.jpg");
            }

            images.Add((Path.Combine(folder, parts[^3], parts[^2], parts[^1]), parts[^3]));
        }

        return images;
    }

    private string ImagesFolder() => new[] { "Images", Path.Combine("Data", "Images") }.Select(below => Path.Combine(root, below))
        .FirstOrDefault(Directory.Exists) ?? throw new DataProblem(root, "no Images/ in it", Cure);

    /// <summary>
    /// Returns the identity's name if list_name.txt has it, else its number, two folders above the image (001/frontal/01.jpg).
    /// </summary>
    private string? Person(string file) =>
        Path.GetDirectoryName(Path.GetDirectoryName(file)) is { } folder ? names.Find(folder) ?? Path.GetFileName(folder) : null;

    private void AddPairs(
        string list, bool same, int fold, List<(string Path, string Identity)> first, List<(string Path, string Identity)> second)
    {
        foreach (var (text, line) in ProtocolLines.Read(list, Cure))
        {
            var where = $"{list}({line})";
            var fields = text.Split(',', StringSplitOptions.TrimEntries);
            if (fields.Length != 2) throw new DataProblem(where, $"\"{text}\" is no pair", "each line is: number,number");
            var (a, b) = (first[Number(fields[0], first.Count, where)], second[Number(fields[1], second.Count, where)]);
            if (a.Identity == b.Identity != same)
            {
                throw new DataProblem(where, $"the images are of identities {a.Identity} and {b.Identity}",
                    $"{(same ? "same.txt holds pairs of one identity" : "diff.txt holds pairs of two identities")}: download it again");
            }

            if (a.Path == b.Path) throw new DataProblem(where, "both images of the pair are the same", "download the protocol again");
            pairs.Add(new FacePair(files.NumberOf(a.Path, where), files.NumberOf(b.Path, where), same, fold));
        }
    }

    private static int Number(string field, int count, string where) =>
        int.TryParse(field, NumberStyles.None, null, out var number) && number >= 1 && number <= count
            ? number - 1
            : throw new DataProblem(where, $"\"{field}\" is not a number from 1 to {count}", "download the protocol again");
}
