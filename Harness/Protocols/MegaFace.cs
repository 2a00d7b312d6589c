using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;
using Ablation.Losses.Options;

namespace Ablation.Harness.Protocols;

/// <summary>
/// MegaFace challenge 1 (Kemelmacher-Shlizerman et al. 2016), identification: each probe searches for every other image of its identity,
/// one at a time, among the distractors. Lists are the authors' JSON files, images are in folders; noise lists name images to omit
/// (Deng et al. 2019 published some).
/// </summary>
[Description("MegaFace's identification from its own JSON lists: rank-1 among distractors, each mate alone")]
public sealed record MegaFaceOptions : ProtocolOptions
{
    private static readonly int[] Usual = [10, 100, 1000, 10_000, 100_000, 1_000_000];

    [Required, Description("The list of probes: {\"path\": [...], \"id\": [...]}")]
    [OnDisk]
    public required string ProbeList { get; init; }

    [Required, Description("The folder that the probes' paths are relative to")]
    [OnDisk]
    public required string Probes { get; init; }

    [Required, Description("The list of distractors: {\"path\": [...]}; a level is a prefix of it")]
    [OnDisk]
    public required string DistractorList { get; init; }

    [Required, Description("The folder that the distractors' paths are relative to")]
    [OnDisk]
    public required string Distractors { get; init; }

    [Description("A text file that names probes to omit, one per line")]
    [OnDisk]
    public string? ProbeNoise { get; init; }

    [Description("A text file that names distractors to omit, one per line")]
    [OnDisk]
    public string? DistractorNoise { get; init; }

    [Description("Numbers of distractors, rising; default: 10, 100, .., 1000000, up to the number available")]
    [Rising]
    public IReadOnlyList<int>? DistractorCounts { get; init; }

    [Description("Name in tables; default: MegaFace, or MegaFace (refined) with a noise list")]
    public string? Name { get; init; }

    private static IEnumerable<string> Twice(IReadOnlyList<string> probes, IReadOnlyList<string> distractors)
    {
        var sought = probes.ToHashSet(StringComparer.Ordinal);
        var both = distractors.Where(sought.Contains).ToList();
        if (both.Count > 0)
            yield return $"{both.Count} distractors are pictures that are searched for too, the first is {both[0]}: a probe that finds " +
                "its own picture counts as wrong";
    }

    public override FaceTest Open(DataRoot data)
    {
        var probes = MegaFaceList.Read(data.Resolve(ProbeList), data.Resolve(Probes), hasIdentities: true);
        var distractors = MegaFaceList.Read(data.Resolve(DistractorList), data.Resolve(Distractors), hasIdentities: false);
        if (ProbeNoise is not null) probes = probes.Without(data.Resolve(ProbeNoise));
        if (DistractorNoise is not null) distractors = distractors.Without(data.Resolve(DistractorNoise));
        if (probes.Identities.CountBy(identity => identity).All(count => count.Value < 2))
            throw new DataProblem(probes.Path, "no identity has two images, so no probe has a mate",
                "check the list's ids and the noise list");
        var levels = DistractorLevels.Choose(DistractorCounts, distractors.Images.Count, Usual, distractors.Path);
        var (probeFiles, distractorFiles) = (probes.Files(probes.Images.Count), distractors.Files(levels[^1]));
        int[] images = [.. Enumerable.Range(0, probes.Images.Count + levels[^1])];
        var design = new IdentificationDesign(MateRule.EachAlone, images[..probes.Images.Count],
            IdentificationTest.Numbers(probes.Identities, new Dictionary<string, int>(StringComparer.Ordinal)),
            [], [], images[probes.Images.Count..], levels, [1]);
        var files = probes.Images.Select((name, i) => (probeFiles[i], $"probes/{name}"))
            .Concat(distractors.Images.Take(levels[^1]).Select((name, i) => (distractorFiles[i], $"distractors/{name}")));
        return new FileIdentification(Name
            ?? (ProbeNoise is null && DistractorNoise is null ? "MegaFace" : "MegaFace (refined)"), [.. files],
            [.. probes.Identities, .. Enumerable.Repeat((string?)null, levels[^1])], design,
            [.. probes.Notes, .. distractors.Notes, .. Twice(probeFiles, distractorFiles)]);
    }
}
