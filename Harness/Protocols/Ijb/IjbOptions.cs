using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Protocols.Ijb;

/// <summary>
/// IARPA Janus Benchmark B (Whitelam et al. 2017) or C (Maze et al. 2018) as the field's scripts read it: the text files of
/// InsightFace's release in <c>meta/</c> (or in the folder itself) and the crops in <c>loose_crop/</c>. The file names show which of the
/// two it is.
/// </summary>
[Description("IJB-B or IJB-C: templates of several images, from meta/ and loose_crop/, aligned by five landmarks")]
public sealed record IjbOptions : ProtocolOptions
{
    [Required, Description("The folder that holds meta/ and loose_crop/: IJBB or IJBC")]
    [OnDisk]
    public required string Root { get; init; }

    [Description("Weights of images in a template: N1D1F2, several combinations of N0/N1 D0/D1 F0/F2 separated by commas, or all")]
    public string Variants { get; init; } = "N1D1F2";

    [Description("1:1: the pairs of *_template_pair_label.txt")]
    public bool Verification { get; init; } = true;

    [Description("1:N: probes of *_1N_probe_mixed.csv against each gallery")]
    public bool Identification { get; init; }

    /// <inheritdoc/>
    public override IjbTest Open(DataRoot data)
    {
        var variants = IjbVariant.Parse(Variants);
        if (!Verification && !Identification)
            throw new DataProblem(data.Resolve(Root), "neither verification nor identification is on",
                "set one of the two to true");
        return IjbFolder.Find(data.Resolve(Root)).Open(variants, Verification, Identification);
    }
}
