using Ablation.Harness.Formats;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Faces;

/// <summary>People that lists name, compared as <see cref="PlainName"/> does.</summary>
internal sealed class PeopleList
{
    private const string Cure = "one name per line, or a .tsv list of images (path TAB class) whose folders are the names";
    private readonly List<(string Path, HashSet<string> Names)> lists = [];

    public bool IsEmpty => lists.Count == 0;

    public bool Has(string name) => PlainName.Normalise(name) is var plain && lists.Exists(list => list.Names.Contains(plain));

    /// <exception cref="DataProblem">The list is missing, empty, or a line gives no name.</exception>
    public void Add(string path)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, line) in path.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase) ? OfImages(path) : OfLines(path))
        {
            if (PlainName.Normalise(name) is not { Length: > 0 } found)
                throw new DataProblem($"{path}({line})", "no name of a person", Cure);
            names.Add(found);
        }

        if (names.All(name => lists.Exists(list => list.Names.Contains(name))))
            throw new DataProblem(path, "names no identity that the lists before it do not name", Cure);
        lists.Add((path, names));
    }

    /// <summary>Compares the lists with the people of a set; returns a line for each list that has other names too.</summary>
    /// <exception cref="DataProblem">A list names nobody of the set.</exception>
    public IReadOnlyList<string> Compare(IEnumerable<string> people, string set)
    {
        var there = people.Select(PlainName.Normalise).ToHashSet(StringComparer.Ordinal);
        var notes = new List<string>();
        foreach (var (path, names) in lists)
        {
            var found = names.Count(there.Contains);
            if (found == 0)
                throw new DataProblem(path, $"none of its {names.Count} names is a person of {set}, so the list leaves nobody out",
                    "compare its spelling with the names of the set's folders, or take the list away");
            if (found < names.Count) notes.Add($"{found} of the {names.Count} names of {Path.GetFileName(path)} are in {set} and left out");
        }

        return notes;
    }

    /// <summary>A line is a name; LFW's own lists have the number of images after it.</summary>
    private static IEnumerable<(string Name, int Line)> OfLines(string path)
    {
        foreach (var (text, line) in ProtocolLines.Read(path, Cure))
        {
            var end = text.LastIndexOfAny(['\t', ',']);
            var isCounted = end > 0 && text[(end + 1)..].Trim() is { Length: > 0 } count && count.All(char.IsAsciiDigit);
            yield return (isCounted ? text[..end] : text, line);
        }
    }

    /// <summary>The folders that name the people of a list of images.</summary>
    private static IEnumerable<(string Name, int Line)> OfImages(string path)
    {
        var (files, classes, numbers) = (new List<(string Path, int Line)>(), new List<int>(), new Dictionary<string, int>());
        foreach (var (text, line) in ProtocolLines.Read(path, Cure))
        {
            var fields = text.Split('\t');
            files.Add((fields[0].Replace('\\', '/'), line));
            var label = fields.Length > 1 ? fields[1] : $"line {line}"; // each image for itself
            if (!numbers.TryGetValue(label, out var number)) numbers.Add(label, number = numbers.Count);
            classes.Add(number);
        }

        var folders = PersonNames.FoldersOf(files.ConvertAll(file => file.Path), classes, numbers.Count);
        return files.Select((file, i) => (Path.GetFileName(folders[classes[i]] ?? Path.GetDirectoryName(file.Path)) ?? "", file.Line));
    }
}
