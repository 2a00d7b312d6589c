using Ablation.Harness.Faces;
using Ablation.Harness.Images;

namespace Ablation.Benchmarks;

/// <summary>
/// Provides the first images of another source with all of its identities, for an epoch of a chosen length. Repeats them if the source has
/// fewer images. Does not dispose the source.
/// </summary>
/// <param name="count">Number of images.</param>
public sealed class LimitedSource(FaceSource source, int count) : FaceSource
{
    public override string Name => source.Name;

    public override int Count => count;

    public override int Identities => source.Identities;

    public override LabelledFace Read(int index) => source.Read(Within(index));

    public override bool Touch(int index) => source.Touch(Within(index));

    public override int IdentityOf(int index) => source.IdentityOf(Within(index));

    public override string Locate(int index) => source.Locate(Within(index));

    public override string NameOf(int identity) => source.NameOf(identity);

    private int Within(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, count);
        return index % source.Count;
    }
}
