using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Ablation.Harness.Images;

namespace Ablation.Harness.Faces;

/// <summary>
/// Some identities and images of another set, which it owns. Identities are renumbered in the order of the whole set; names, places and
/// keys are those of the whole.
/// </summary>
internal abstract class PartSource(FaceSource whole) : FaceSource
{
    /// <summary>Identities of the whole by the part's number, ascending.</summary>
    protected int[] Kept { get; init; } = [];

    /// <summary>Images of the whole, ascending.</summary>
    protected int[] Images { get; init; } = [];

    /// <summary>The part's label of each image.</summary>
    protected int[] Labels { get; init; } = [];

    public override int Count => Images.Length;

    public override int Identities => Kept.Length;

    /// <inheritdoc/>
    public override string? Fingerprint => whole.Fingerprint is { } print
        ? $"{print} part {Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes([.. Images, .. Labels])))}" : null;

    public override LabelledFace Read(int index) => whole.Read(Images[index]) with { Identity = Labels[index] };

    public override IReadOnlyList<string> Notes => whole.Notes;

    public override bool Touch(int index) => whole.Touch(Images[index]);

    public override int IdentityOf(int index) => Labels[index];

    public override string Locate(int index) => whole.Locate(Images[index]);

    public override string ImageName(int index) => whole.ImageName(Images[index]);

    public override string? ImageKey(int index) => whole.ImageKey(Images[index]);

    public override bool? IsMislabelled(int index) => whole.IsMislabelled(Images[index]);

    public override string? PersonName(int identity) => whole.PersonName(Kept[identity]);

    public override string NameOf(int identity) => whole.NameOf(Kept[identity]);

    public override void Dispose()
    {
        whole.Dispose();
        base.Dispose();
    }
}
