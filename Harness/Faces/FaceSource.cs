using Ablation.Harness.Foundations;
using Ablation.Harness.Images;
using Ablation.Losses.Options;

namespace Ablation.Harness.Faces;

/// <summary>
/// A set of labelled faces to train on. Opening reads an index at most, never every image. Images are read by index, in any order and
/// from any number of threads at once.
/// </summary>
public abstract class FaceSource : IDisposable
{
    private readonly UnendedJpegs unended = new();

    /// <summary>What a report calls it.</summary>
    public abstract string Name { get; }

    /// <summary>Number of images.</summary>
    public abstract int Count { get; }

    /// <summary>Number of identities (classes); labels are 0 .. Identities-1.</summary>
    public abstract int Identities { get; }

    /// <summary>Decodes image <paramref name="index"/> at the size it is stored in. Thread-safe.</summary>
    /// <exception cref="DataProblem">The image or its record is damaged; names file and offset.</exception>
    public abstract LabelledFace Read(int index);

    /// <summary>Reads as <see cref="Read"/> does, and checks the class.</summary>
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

    /// <summary>Whether image <paramref name="index"/> can be read.</summary>
    public bool IsReadable(int index)
    {
        try
        {
            ReadChecked(index);
            return true;
        }
        catch (DataProblem)
        {
            return false;
        }
    }

    /// <summary>Reads the stored bytes of image <paramref name="index"/> into the system's memory, without decoding, since it is needed
    /// soon. False if that gains nothing for any image. Thread-safe; faults are left to <see cref="Read"/>.</summary>
    public virtual bool Touch(int index) => false;

    /// <summary>Returns the identity of image <paramref name="index"/> without decoding it (may read its header).</summary>
    public abstract int IdentityOf(int index);

    /// <summary>Returns where image <paramref name="index"/> is stored: file, and offset if it is part of one.</summary>
    public abstract string Locate(int index);

    /// <summary>Returns the image's name in a file of embeddings: unique in the set, the same on every machine.</summary>
    public virtual string ImageName(int index) => index.ToString("00000000");

    /// <summary>
    /// Returns a key that changes when the picture may have changed, and is the same in every set and test that has the picture; null if
    /// the set cannot give one. Looks at files.
    /// </summary>
    public virtual string? ImageKey(int index) => null;

    /// <summary>Returns the name of the person shown; null if the set has only numbers.</summary>
    public virtual string? PersonName(int identity) => null;

    /// <summary>Returns a name for identity <paramref name="identity"/>: the folder's name, or the number.</summary>
    public virtual string NameOf(int identity) => identity.ToString();

    /// <summary>
    /// Whether image <paramref name="index"/> was given a wrong label on purpose; null where nobody knows which labels are wrong.
    /// </summary>
    public virtual bool? IsMislabelled(int index) => null;

    /// <summary>What was noticed so far while the set was opened and read, one line each: skipped files and folders, JPEGs without an end.
    /// Data check prints them; a trial adds them to its log, its result and the report.</summary>
    public virtual IReadOnlyList<string> Notes => [];

    /// <summary>Checks the class of every image without decoding, as training does before its first step.</summary>
    /// <exception cref="DataProblem">A class is not one of the set's, or an identity has no image: its proxy would only ever be
    /// pushed away.</exception>
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

    /// <summary>Changes when a picture, a class or their order may have changed; null if the set cannot say, and is then never cached on
    /// disk. Looks at files: call it once.</summary>
    /// <exception cref="IOException">The state of a file cannot be read.</exception>
    public virtual string? Fingerprint => null;

    public virtual void Dispose() => GC.SuppressFinalize(this);

    /// <summary>Returns the same picture, counted if it is a JPEG without its end.</summary>
    private protected FaceImage Note(int index, FaceImage image) => unended.Note(index, image);

    /// <summary>Returns a line for the pictures that <see cref="Note"/> counted.</summary>
    private protected IEnumerable<string> UnendedNotes(Func<int, string> locate) => unended.Lines(locate);
}

/// <summary>How a suite names a source of training faces: one record per kind, found by reflection.</summary>
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
