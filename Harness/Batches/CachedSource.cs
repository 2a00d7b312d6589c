using Ablation.Harness.Faces;
using Ablation.Harness.Images;

namespace Ablation.Harness.Batches;

/// <summary>
/// Keeps decoded pictures of another source in memory, in the order in which they are first read, up to a budget; the rest is decoded each
/// time. Owns the source that it wraps. Pictures are shared: never write to their bytes.
/// </summary>
public sealed class CachedSource(FaceSource source, long budgetBytes) : FaceSource
{
    private const int Overhead = 96; // two objects and an array header, roughly

    private sealed record Entry(LabelledFace Face);

    private readonly Entry?[] kept = new Entry?[source.Count];
    private long bytes; // of the pictures kept; never above the budget

    public override string Name => source.Name;

    public override int Count => source.Count;

    public override int Identities => source.Identities;

    public override LabelledFace Read(int index)
    {
        if (Volatile.Read(ref kept[index]) is { } entry) return entry.Face;
        var face = source.Read(index);
        var size = face.Image.Rgb.LongLength + Overhead;
        if (!Reserve(size)) return face;
        // another thread was first
        if (Interlocked.CompareExchange(ref kept[index], new Entry(face), null) is not null) Interlocked.Add(ref bytes, -size);
        return face;
    }

    public override IReadOnlyList<string> Notes => source.Notes;

    public override void CheckClasses(CancellationToken cancel = default) => source.CheckClasses(cancel);

    public override bool Touch(int index) => Volatile.Read(ref kept[index]) is not null || source.Touch(index);

    public override int IdentityOf(int index) => kept[index]?.Face.Identity ?? source.IdentityOf(index);

    public override string Locate(int index) => source.Locate(index);

    public override string ImageName(int index) => source.ImageName(index);

    public override string? ImageKey(int index) => source.ImageKey(index);

    public override string? PersonName(int identity) => source.PersonName(identity);

    public override string NameOf(int identity) => source.NameOf(identity);

    public override void Dispose()
    {
        source.Dispose();
        base.Dispose();
    }

    private bool Reserve(long size)
    {
        for (var now = Interlocked.Read(ref bytes); now + size <= budgetBytes;)
        {
            var seen = Interlocked.CompareExchange(ref bytes, now + size, now);
            if (seen == now) return true;
            now = seen;
        }

        return false;
    }
}
