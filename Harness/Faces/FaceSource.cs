using Ablation.Harness.Foundations;
using Ablation.Harness.Images;
using Ablation.Losses.Options;

namespace Ablation.Harness.Faces;

/// <summary>
/// A set of labelled faces to train on. Opening reads an index at most, never every image; reading is by index,
/// in any order and from any number of threads at once.
/// </summary>
public abstract class FaceSource : IDisposable
{
    private readonly OddPictures odd = new();

    /// <summary>What a report calls it.</summary>
    public abstract string Name { get; }

    /// <summary>Number of images.</summary>
    public abstract int Count { get; }

    /// <summary>Number of identities (classes); labels are 0 .. Identities-1.</summary>
    public abstract int Identities { get; }

    /// <summary>Decodes image <paramref name="index"/> at the size it is stored in. Thread-safe.</summary>
    /// <exception cref="DataProblem">The image or its record is damaged; names file and offset.</exception>
    public abstract LabelledFace Read(int index);

    /// <summary><see cref="Read"/>, with a class that the set really has.</summary>
    /// <exception cref="DataProblem">As for <see cref="Read"/>, or the class is out of range
    /// (<see cref="DataProblem.IsLabel"/>).</exception>
    internal LabelledFace ReadChecked(int index)
    {
        var face = Read(index);
        if (face.Identity >= 0 && face.Identity < Identities) return face;
        throw new DataProblem(Locate(index), $"its class {face.Identity} is not one of the {Identities} classes",
            "rebuild the list that gives the classes")
        { IsLabel = true };
    }

    /// <summary>Has the stored bytes of image <paramref name="index"/> read into the system's memory, without decoding: it will be wanted
    /// soon. False where that gains nothing for any image. Thread-safe; a fault is left to <see cref="Read"/>.</summary>
    public virtual bool Touch(int index) => false;

    /// <summary>The identity of image <paramref name="index"/> without decoding it (may read its header).</summary>
    public abstract int IdentityOf(int index);

    /// <summary>Where image <paramref name="index"/> is stored: file, and offset where it is part of one.</summary>
    public abstract string Locate(int index);

    /// <summary>What a file of embeddings calls the image: unique in the set, the same on every machine.</summary>
    public virtual string ImageName(int index) => index.ToString("00000000");

    /// <summary>
    /// Changes when the picture may have changed, and is equal for the same picture in another set or test; null where that cannot be told.
    /// Looks at files.
    /// </summary>
    public virtual string? ImageKey(int index) => null;

    /// <summary>The name of the person shown; null where the set has numbers only.</summary>
    public virtual string? PersonName(int identity) => null;

    /// <summary>A name for identity <paramref name="identity"/>: the folder's name, or the number.</summary>
    public virtual string NameOf(int identity) => identity.ToString();

    /// <summary>What was noticed while the set was opened and read so far, a line each: files skipped, folders passed over, pictures that
    /// are not quite in their format.
    /// Data check prints them, and a trial puts them into its log, its result and the report.</summary>
    public virtual IReadOnlyList<string> Notes => [];

    /// <summary>Looks at the class of every image, without decoding, as a training does before its first step.</summary>
    /// <exception cref="DataProblem">A class is none of the set's, or an identity has no image: its proxy would only ever be pushed
    /// away.</exception>
    public virtual void CheckClasses(CancellationToken cancel = default)
    {
        var (seen, missing) = (new bool[Identities], Identities);
        for (var index = 0; index < Count && missing > 0; index++)
        {
            cancel.ThrowIfCancellationRequested();
            ref var known = ref seen[IdentityOf(index)];
            if (!known) missing--;
            known = true;
        }

        if (missing == 0) return;
        var empty = Array.IndexOf(seen, false);
        throw new DataProblem(Name, $"{missing} of {Identities} identities have no image, the first is {NameOf(empty)}",
            "take the set through a Subset, which leaves them out and numbers the others anew");
    }

    /// <summary>Changes when a picture, a class or their order may have changed; null where the set cannot be told so, and is then
    /// never cached on disk. Looks at files, so ask once.</summary>
    /// <exception cref="IOException">A file cannot be looked at.</exception>
    public virtual string? Fingerprint => null;

    public virtual void Dispose() => GC.SuppressFinalize(this);

    /// <summary>The same picture; counted where it is not quite in its format.</summary>
    private protected FaceImage Noting(int index, FaceImage image) => odd.Noting(index, image);

    /// <summary>A line for the pictures that <see cref="Noting"/> counted.</summary>
    private protected IEnumerable<string> Noted(Func<int, string> locate) => odd.Lines(locate);
}

/// <summary>How a suite names a source of training faces; one record a kind, found by reflection.</summary>
[ChosenByType(Place = 3)]
public abstract record SourceOptions
{
    /// <summary>Opens the source; paths that are not absolute are taken from <paramref name="data"/> (the <c>--data</c> folder).</summary>
    /// <exception cref="DataProblem">A file is missing or not in the format.</exception>
    public abstract FaceSource Open(DataRoot data);
}

/// <summary>The folder that a suite's relative data paths start from.</summary>
public sealed record DataRoot(string Folder)
{
    public string Resolve(string path) => Path.GetFullPath(Path.Combine(Folder, path.Replace('\\', '/')));
}
