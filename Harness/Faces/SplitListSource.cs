using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;

namespace Ablation.Harness.Faces;

/// <summary>Training faces as a list: one <c>path TAB class</c> a line, in the order of the lines.</summary>
[Description("A list of image files and their classes: path TAB class")]
public sealed record SplitListOptions : SourceOptions
{
    [Required, Description("The list; classes are 0 to n-1, none of them empty")]
    [OnDisk]
    public required string Path { get; init; }

    [Description("The folder that the list's paths start from; the data folder where left out")]
    [OnDisk]
    public string? Root { get; init; }

    public override FaceSource Open(DataRoot data) =>
        new SplitListSource(data.Resolve(Path), Root is null ? data.Resolve(".") : data.Resolve(Root));
}

internal sealed class SplitListSource : FaceSource
{
    private readonly string _list;
    private readonly string _root;
    private readonly List<string> _files = [];
    private readonly List<int> _identityOf = [];
    private readonly Dictionary<int, string> _elsewhere = []; // files whose names the disk has in another Unicode form
    private readonly PersonNames _names = new();
    private readonly Lazy<string?[]> _folders;

    public SplitListSource(string list, string root)
    {
        (_list, _root) = (list, root);
        _folders = new(() => PersonNames.FoldersOf(_files, _identityOf, Identities));
        if (!File.Exists(list)) throw new DataProblem(list, "no such file", "check the path and the data folder");

        var lineOf = new Dictionary<string, int>(NamesOnDisk.Comparer);
        var disk = new NamesOnDisk();
        foreach (var (path, identity, line) in SplitListLines.Read(list))
        {
            var spelling = NamesOnDisk.Spelling(root, path);
            if (!lineOf.TryAdd(spelling, line))
            {
                throw new DataProblem($"{list}({line})", $"{path} stands on line {lineOf[spelling]} already" +
                    (_files[lineOf[spelling] - 1] == path ? "" : $", spelled {_files[lineOf[spelling] - 1]}"),
                    "list every image once, with one class");
            }

            if (!Ascii.IsValid(path) && disk.Find(Path.Combine(root, path)) is { } found) _elsewhere.Add(_files.Count, found);
            _files.Add(path);
            _identityOf.Add(identity);
        }

        if (_files.Count == 0) throw new DataProblem(list, "the list is empty", SplitListLines.Cure);
        Identities = CountClasses();
        if (!File.Exists(Locate(0)))
            throw new DataProblem($"{list}(1)", $"there is no {Locate(0)}", "set Root to the folder that the list's paths start from");
    }

    public override string Name => Path.GetFileNameWithoutExtension(_list);

    public override int Count => _files.Count;

    public override int Identities { get; }

    public override string? Fingerprint =>
        SourceFingerprint.OfFiles("list", Enumerable.Range(0, Count).Select(i => (Locate(i), _files[i], _identityOf[i])));

    public override IReadOnlyList<string> Notes => [.. Noted(Locate)];

    public override LabelledFace Read(int index) => new(Noting(index, ImageDecoder.DecodeFile(Locate(index))), _identityOf[index]);

    public override int IdentityOf(int index) => _identityOf[index];

    public override string Locate(int index) => _elsewhere.GetValueOrDefault(index) ?? Path.Combine(_root, _files[index]);

    public override string ImageName(int index) => _files[index].Replace('\\', '/');

    public override string? ImageKey(int index) => SourceFingerprint.OfFile(Locate(index));

    public override string? PersonName(int identity) =>
        _folders.Value[identity] is { } folder ? _names.Find(Path.Combine(_root, folder)) : null;

    /// <summary>Classes are 0 .. n-1 with none empty: a gap would be a proxy that no image pulls.</summary>
    private int CountClasses()
    {
        var seen = _identityOf.ToHashSet();
        for (var line = 1; line <= _identityOf.Count; line++)
        {
            var identity = _identityOf[line - 1];
            if (identity < seen.Count) continue;
            var empty = Enumerable.Range(0, identity).First(c => !seen.Contains(c));
            throw new DataProblem($"{_list}({line})", $"class {identity}, but class {empty} has no image in the list",
                $"number the {seen.Count} classes 0 to {seen.Count - 1}");
        }

        return seen.Count;
    }
}
