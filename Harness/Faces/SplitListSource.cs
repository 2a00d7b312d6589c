using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;

namespace Ablation.Harness.Faces;

/// <summary>Training faces as a list: one <c>path TAB class</c> per line, in the order of the lines.</summary>
[Description("A list of image files and their classes: path TAB class")]
public sealed record SplitListOptions : SourceOptions
{
    [Required, Description("The list; classes are 0 to n-1, none of them empty")]
    [OnDisk]
    public required string Path { get; init; }

    [Description("The folder that the list's paths start from; the data folder by default")]
    [OnDisk]
    public string? Root { get; init; }

    public override FaceSource Open(DataRoot data) =>
        new SplitListSource(data.Resolve(Path), Root is null ? data.Resolve(".") : data.Resolve(Root));
}

internal sealed class SplitListSource : FaceSource
{
    private readonly string list;
    private readonly string root;
    private readonly List<string> files = [];
    private readonly List<int> identityOf = [];
    private readonly Dictionary<int, string> elsewhere = []; // files whose names the disk has in another Unicode form
    private readonly PersonNames names = new();
    private readonly Lazy<string?[]> folders;

    public SplitListSource(string list, string root)
    {
        (this.list, this.root) = (list, root);
        folders = new(() => PersonNames.FoldersOf(files, identityOf, Identities));
        if (!File.Exists(list)) throw new DataProblem(list, "no such file", "check the path and the data folder");

        var lineOf = new Dictionary<string, int>(NamesOnDisk.Comparer);
        var disk = new NamesOnDisk();
        foreach (var (path, identity, line) in SplitListLines.Read(list))
        {
            var spelling = NamesOnDisk.Spelling(root, path);
            if (!lineOf.TryAdd(spelling, line))
            {
                throw new DataProblem($"{list}({line})", $"{path} stands on line {lineOf[spelling]} already" +
                    (files[lineOf[spelling] - 1] == path ? "" : $", spelled {files[lineOf[spelling] - 1]}"),
                    "list every image once, with one class");
            }

            if (!Ascii.IsValid(path) && disk.Find(Path.Combine(root, path)) is { } found) elsewhere.Add(files.Count, found);
            files.Add(path);
            identityOf.Add(identity);
        }

        if (files.Count == 0) throw new DataProblem(list, "the list is empty", SplitListLines.Cure);
        Identities = CountClasses();
        if (!File.Exists(Locate(0)))
            throw new DataProblem($"{list}(1)", $"there is no {Locate(0)}", "set Root to the folder that the list's paths start from");
    }

    public override string Name => Path.GetFileNameWithoutExtension(list);

    public override int Count => files.Count;

    public override int Identities { get; }

    public override string? Fingerprint =>
        SourceFingerprint.OfFiles("list", Enumerable.Range(0, Count).Select(i => (Locate(i), files[i], identityOf[i])));

    public override IReadOnlyList<string> Notes => [.. UnendedNotes(Locate)];

    public override LabelledFace Read(int index) => new(Note(index, ImageDecoder.DecodeFile(Locate(index))), identityOf[index]);

    public override int IdentityOf(int index) => identityOf[index];

    public override string Locate(int index) => elsewhere.GetValueOrDefault(index) ?? Path.Combine(root, files[index]);

    public override string ImageName(int index) => files[index].Replace('\\', '/');

    public override string? ImageKey(int index) => SourceFingerprint.OfFile(Locate(index));

    public override string? PersonName(int identity) =>
        folders.Value[identity] is { } folder ? names.Find(Path.Combine(root, folder)) : null;

    /// <summary>Counts the classes, which are 0 .. n-1 with none empty: a gap would be a proxy without an image.</summary>
    private int CountClasses()
    {
        var seen = identityOf.ToHashSet();
        for (var line = 1; line <= identityOf.Count; line++)
        {
            var identity = identityOf[line - 1];
            if (identity < seen.Count) continue;
            var empty = Enumerable.Range(0, identity).First(c => !seen.Contains(c));
            throw new DataProblem($"{list}({line})", $"class {identity}, but class {empty} has no image in the list",
                $"number the {seen.Count} classes 0 to {seen.Count - 1}");
        }

        return seen.Count;
    }
}
