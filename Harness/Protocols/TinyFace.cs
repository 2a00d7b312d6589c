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
        var folders = ProtocolFolders.Find(data.Resolve(Root), "Testing_Set",
            "Root is TinyFace's Testing_Set, with Probe, Gallery_Match and Gallery_Distractor in it");
        var (probes, mates, distractors) = (folders.Images("Probe"), folders.Images("Gallery_Match"), folders.Images("Gallery_Distractor"));
        string[] sought = [.. probes.Select(ProtocolFolders.Identity)], enrolled = [.. mates.Select(ProtocolFolders.Identity)];
        var known = enrolled.ToHashSet(StringComparer.Ordinal);
        if (Array.FindIndex(sought, identity => !known.Contains(identity)) is >= 0 and var alone)
            throw new DataProblem(probes[alone], $"no image of {sought[alone]} in Gallery_Match",
                "every probe of TinyFace has a mate: unpack the set again");
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        int[] images = [.. Enumerable.Range(0, probes.Length + mates.Length + distractors.Length)];
        var (matesAt, distractorsAt) = (probes.Length, probes.Length + mates.Length);
        var design = new IdentificationDesign(MateRule.Any, images[..matesAt], IdentificationTest.Numbers(sought, numbers),
            images[matesAt..distractorsAt], IdentificationTest.Numbers(enrolled, numbers), images[distractorsAt..], [], [1, 5, 20]);
        return new FileIdentification(Name ?? "TinyFace",
            [.. probes.Concat(mates).Concat(distractors).Select(file => (file, folders.NameOf(file)))],
            [.. sought, .. enrolled, .. distractors.Select(_ => (string?)null)], design,
            folders.Notes);
    }
}
