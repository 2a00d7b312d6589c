using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;

namespace Ablation.Harness.Faces;

/// <summary>Training faces as <c>identity/image</c> files; a class is an identity folder, in ordinal order of its name.</summary>
[Description("A folder of identity folders with image files in them")]
public sealed record FolderOptions : SourceOptions
{
    [Required, Description("The folder whose sub-folders are the identities")]
    [OnDisk]
    public required string Path { get; init; }

    public override FaceSource Open(DataRoot data) => new FolderSource(data.Resolve(Path));
}

/// <summary>Orders images by their path below the identity, ordinally, with '/' between its parts: the same folder has the same order on
/// every system. Skips hidden files and those without an image's extension.</summary>
internal sealed class FolderSource : FaceSource
{
    private readonly PersonNames names = new();
    private readonly string folder;
    private readonly string[] identities;
    private readonly string[] files; // below the identity's folder: millions of full paths would fill the memory
    private readonly int[] identityOf;
    private readonly string[] layout; // what was noticed of the folders

    public FolderSource(string folder)
    {
        this.folder = folder;
        if (!Directory.Exists(folder)) throw new DataProblem(folder, "no such folder", "check the path and the data folder");
        var walk = new FolderWalk(folder);
        (identities, var loose) = walk.List(folder);
        if (loose.Length > 0)
            throw new DataProblem(Path.Combine(folder, loose[0]), "the image lies outside an identity folder",
                "move it to a folder that names its identity");
        if (identities.Length == 0) throw new DataProblem(folder, "no identity folders in it", "expected identity/image.jpg");
        if (identities.GroupBy(UnicodeForm.Decomposed).FirstOrDefault(alike => alike.Count() > 1) is { } twice)
            throw new DataProblem(Path.Combine(folder, twice.First()), "two folders have this name, in two Unicode forms",
                "move the images of one to the other: they would be two identities");

        var files = new List<string>();
        var identityOf = new List<int>();
        var layers = new FolderLayers();
        for (var identity = 0; identity < identities.Length; identity++)
        {
            var below = Path.Combine(folder, identities[identity]);
            var skipped = walk.Skipped.Files;
            var images = walk.Images(below, out var foldersOnly);
            layers.Add(identities[identity], foldersOnly);
            if (images.Length == 0)
            {
                skipped = walk.Skipped.Files - skipped;
                throw new DataProblem(below,
                    $"the identity has no image ({string.Join(' ', ImageDecoder.Extensions)})"
                        + (skipped > 0 ? $", but {skipped} other files" : ""),
                    "remove the folder or put images into it");
            }

            files.AddRange(images);
            identityOf.AddRange(Enumerable.Repeat(identity, images.Length));
        }

        layout = [.. walk.Skipped.Lines(), .. layers.Lines(folder), .. Alike(identities)];
        (this.files, this.identityOf) = ([.. files], [.. identityOf]);
    }

    private static IEnumerable<string> Alike(string[] identities)
    {
        var alike = identities.Where(name => name.Any(char.IsLetter)).GroupBy(PlainName.Normalise).Where(same => same.Count() > 1)
            .ToList();
        if (alike.Count > 0)
            yield return $"{alike.Count} names are those of several folders, but for case, blanks and marks, such as " +
                $"{string.Join(" and ", alike[0])}: each folder counts as a person of its own";
    }

    /// <summary>The folder's name, or its parent's if it is just called "Images", as in LFW and CFP.</summary>
    public override string Name
    {
        get
        {
            var folder = new DirectoryInfo(this.folder);
            var bare = folder.Name.Equals("images", StringComparison.OrdinalIgnoreCase);
            return bare && folder.Parent is { } parent ? parent.Name : folder.Name;
        }
    }

    public override int Count => files.Length;

    public override int Identities => identities.Length;

    public override string? Fingerprint => SourceFingerprint.OfFiles("folder",
        Enumerable.Range(0, Count).Select(i => (Locate(i), $"{identities[identityOf[i]]}/{files[i]}", identityOf[i])));

    public override IReadOnlyList<string> Notes => [.. layout, .. UnendedNotes(Locate)];

    public override LabelledFace Read(int index) => new(Note(index, ImageDecoder.DecodeFile(Locate(index))), identityOf[index]);

    public override int IdentityOf(int index) => identityOf[index];

    public override string Locate(int index) => Path.Combine(folder, identities[identityOf[index]], files[index]);

    public override string ImageName(int index) => $"{identities[identityOf[index]]}/{files[index]}".Replace('\\', '/');

    public override string? ImageKey(int index) => SourceFingerprint.OfFile(Locate(index));

    public override string? PersonName(int identity) => names.Find(Path.Combine(folder, identities[identity]));

    public override string NameOf(int identity) => identities[identity];
}
