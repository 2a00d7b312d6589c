using Ablation.Harness.Faces;
using Ablation.Harness.Images;

namespace Ablation.Harness.Batches;

/// <summary>
/// Reads the pictures of another source, already decoded, from a file of <see cref="PackedFile"/>. What is missing there (a picture that
/// does not decode) or damaged comes from the source. Owns the source.
/// </summary>
public sealed class PackedSource : FaceSource
{
    private readonly FaceSource source;
    private readonly PackedFile file;
    private readonly Action<string> report;
    private int damaged = -1; // the first one found

    internal PackedSource(FaceSource source, PackedFile file, Action<string> report) =>
        (this.source, this.file, this.report) = (source, file, report);

    public override string Name => source.Name;

    public override int Count => source.Count;

    public override int Identities => source.Identities;

    public override string? Fingerprint => source.Fingerprint;

    public override LabelledFace Read(int index)
    {
        var picture = file[index];
        if (picture.Width == 0) return source.Read(index);
        if (file.Read(index) is { } image) return new LabelledFace(image, picture.Identity);
        Interlocked.CompareExchange(ref damaged, index, -1);
        return source.Read(index);
    }

    public override IReadOnlyList<string> Notes => source.Notes;

    public override void CheckClasses(CancellationToken cancel = default) => source.CheckClasses(cancel);

    public override bool Touch(int index)
    {
        if (file[index].Width == 0) return source.Touch(index);
        file.Touch(index);
        return true;
    }

    public override int IdentityOf(int index) => file[index] is { Width: > 0 } picture ? picture.Identity : source.IdentityOf(index);

    public override string Locate(int index) => source.Locate(index);

    public override string ImageName(int index) => source.ImageName(index);

    public override string? ImageKey(int index) => source.ImageKey(index);

    public override string? PersonName(int identity) => source.PersonName(identity);

    public override string NameOf(int identity) => source.NameOf(identity);

    /// <summary>
    /// Closes file and source. Reports and removes a file in which damage was found, so that the next use writes it again.
    /// </summary>
    public override void Dispose()
    {
        file.Dispose();
        if (damaged >= 0)
        {
            report($"{file.Path}: picture {damaged} ({source.Locate(damaged)}) is damaged there and was read from the source; " +
                $"the file is removed and written again at its next use");
            damaged = -1;
            PackedFile.Remove(file.Path);
        }

        source.Dispose();
        base.Dispose();
    }
}
