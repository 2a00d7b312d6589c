using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;

namespace Ablation.Harness.Protocols;

/// <summary>
/// TinyFace (Cheng, Zhu and Gong 2018), faces of natively low resolution: the authors' Testing_Set with Probe, Gallery_Match and
/// Gallery_Distractor. A file's name begins with its identity, up to the first '_'; distractors have none. The Training_Set is not used.
/// </summary>
[Description("TinyFace's Testing_Set: Probe, Gallery_Match and Gallery_Distractor; rank-1, rank-5, rank-20 and mAP")]
public sealed record TinyFaceOptions : ProtocolOptions
{
    [Required, Description("The folder Testing_Set, or the one that holds it")]
    [OnDisk]
    public required string Root { get; init; }

    [Description("Name in tables; default: TinyFace")]
    public string? Name { get; init; }

    public override FaceTest Open(DataRoot data)
    {
        var root = data.Resolve(Root);
        if (Directory.Exists(Path.Combine(root, "Testing_Set"))) root = Path.Combine(root, "Testing_Set");
        string[] probes = Images(root, "Probe"), mates = Images(root, "Gallery_Match"), distractors = Images(root, "Gallery_Distractor");
        string?[] persons = [.. probes.Select(Identity), .. mates.Select(Identity), .. distractors.Select(_ => (string?)null)];
        var enrolled = mates.Select(Identity).ToHashSet(StringComparer.Ordinal);
        if (Array.Find(probes, probe => !enrolled.Contains(Identity(probe))) is { } alone)
            throw new DataProblem(alone, $"no image of {Identity(alone)} in Gallery_Match",
                "every probe of TinyFace has a mate: unpack the set again");
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        int[] images = [.. Enumerable.Range(0, persons.Length)];
        var (matesAt, distractorsAt) = (probes.Length, probes.Length + mates.Length);
        var design = new IdentificationDesign(MateRule.Any, images[..matesAt], IdentificationTest.Numbers(probes.Select(Identity), numbers),
            images[matesAt..distractorsAt], IdentificationTest.Numbers(mates.Select(Identity), numbers), images[distractorsAt..], [],
                [1, 5, 20]);
        return new FileIdentification(Name
            ?? "TinyFace",
            [.. probes.Concat(mates).Concat(distractors).Select(file => (file, Path.GetRelativePath(root, file).Replace('\\', '/')))],
                persons, design);
    }

    /// <summary>Lists the images in ordinal order of their names, which is the gallery's order.</summary>
    private static string[] Images(string root, string folder)
    {
        var path = Path.Combine(root, folder);
        if (!Directory.Exists(path))
            throw new DataProblem(path, "no such folder",
                "Root is TinyFace's Testing_Set, with Probe, Gallery_Match and Gallery_Distractor in it");
        string[] images = [.. Directory.EnumerateFiles(path).Where(FolderWalk.IsImage).OrderBy(Path.GetFileName, StringComparer.Ordinal)];
        return images.Length > 0 ? images : throw new DataProblem(path, "no image in it", "unpack the set again");
    }

    private static string Identity(string file)
    {
        var name = Path.GetFileName(file);
        var end = name.IndexOf('_');
        return end > 0
            ? name[..end] : throw new DataProblem(file, "its name does not begin with an identity and '_'", "unpack the set again");
    }
}
