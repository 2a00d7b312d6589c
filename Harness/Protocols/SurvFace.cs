using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;

namespace Ablation.Harness.Protocols;

/// <summary>
/// QMUL-SurvFace (Cheng, Zhu and Gong 2018, arXiv 1804.09691), faces of surveillance cameras at their own resolution: the authors'
/// Face_Identification_Test_Set with gallery, mated_probe and unmated_probe, an open set. A file's name begins with its identity, up to the
/// first '_' (12_cam3_1.jpg). Its verification lists are MATLAB files and are not read.
/// </summary>
[Description(
    "QMUL-SurvFace's identification, an open set: folders gallery, mated_probe and unmated_probe; TPIR at FPIR 30, 20, 10 and 1 %")]
public sealed record SurvFaceOptions : ProtocolOptions
{
    internal const string Gallery = "gallery", Mated = "mated_probe", Unmated = "unmated_probe", Set = "Face_Identification_Test_Set";
    private static readonly double[] Rates = [0.3, 0.2, 0.1, 0.01];

    [Required, Description("The folder of the identification test, or the one that holds it")]
    [OnDisk]
    public required string Root { get; init; }

    [Description("Name in tables; default: QMUL-SurvFace")]
    public string? Name { get; init; }

    public override FaceTest Open(DataRoot data)
    {
        var folders = ProtocolFolders.Find(data.Resolve(Root), Set,
            $"Root is QMUL-SurvFace's {Set}, with {Gallery}, {Mated} and {Unmated} in it");
        string[] gallery = folders.Images(Gallery), mated = folders.Images(Mated), unmated = folders.Images(Unmated);
        var enrolled = gallery.Select(ProtocolFolders.Identity).ToHashSet(StringComparer.Ordinal);
        if (Array.Find(mated, probe => !enrolled.Contains(ProtocolFolders.Identity(probe))) is { } alone)
            throw new DataProblem(alone, $"no image of {ProtocolFolders.Identity(alone)} in {Gallery}",
                $"every probe in {Mated} has a mate: unpack the set again");
        // by protocol nobody in the last folder is enrolled, whatever number a name begins with
        string[] persons = [.. gallery.Concat(mated).Select(file => $"SurvFace-{ProtocolFolders.Identity(file)}"),
            .. unmated.Select(file => $"SurvFace-unmated-{ProtocolFolders.Identity(file)}")];
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var identities = IdentificationTest.Numbers(persons, numbers);
        int[] images = [.. Enumerable.Range(0, persons.Length)];
        var design = new IdentificationDesign(MateRule.Any, images[gallery.Length..], identities[gallery.Length..],
            images[..gallery.Length], identities[..gallery.Length], [], [], [1, 20])
        { FalsePositiveRates = Rates };
        return new FileIdentification(Name ?? "QMUL-SurvFace",
            [.. gallery.Concat(mated).Concat(unmated).Select(file => (file, folders.NameOf(file)))], persons, design, folders.Notes);
    }
}
