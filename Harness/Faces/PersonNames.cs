using System.Collections.Concurrent;
using System.Globalization;
using Ablation.Harness.Formats;

namespace Ablation.Harness.Faces;

/// <summary>
/// Names of persons, told by the folders of their images: the folder's own name where it has a letter; where it is a number, the line of
/// that number in <c>list_name.txt</c> (as CFP comes) beside the folder or up to two folders above.
/// </summary>
internal sealed class PersonNames
{
    private const string ListName = "list_name.txt";
    private readonly ConcurrentDictionary<string, string[]?> listAbove = new();

    /// <summary>Null where the folder tells no name.</summary>
    public string? Find(string folder)
    {
        var name = Path.GetFileName(folder);
        if (name.Any(char.IsLetter)) return name;
        if (!int.TryParse(name, NumberStyles.None, null, out var number) || Path.GetDirectoryName(folder) is not { } above) return null;
        var names = listAbove.GetOrAdd(above, ReadList);
        return names is not null && number >= 1 && number <= names.Length && names[number - 1].Length > 0 ? names[number - 1] : null;
    }

    /// <summary>
    /// The last folder that all of a person's files share, where no other person has it; else null. Files and persons run in step.
    /// </summary>
    public static string?[] FoldersOf(IReadOnlyList<string> files, IReadOnlyList<int> persons, int count)
    {
        var shared = new string?[count];
        for (var i = 0; i < files.Count; i++)
        {
            var folder = Path.GetDirectoryName(files[i]) ?? "";
            ref var known = ref shared[persons[i]];
            known = known is null ? folder : Common(known, folder);
        }

        var owners = shared.OfType<string>().GroupBy(folder => folder).ToDictionary(group => group.Key, group => group.Count());
        return [.. shared.Select(folder => folder is { Length: > 0 } && owners[folder] == 1 ? folder : null)];
    }

    private static string Common(string first, string second)
    {
        while (first != second && first.Length > 0)
        {
            if (first.Length >= second.Length) first = Path.GetDirectoryName(first) ?? "";
            else second = Path.GetDirectoryName(second) ?? "";
        }

        return first;
    }

    private static string[]? ReadList(string folder)
    {
        for (var (place, up) = ((string?)folder, 0); place is not null && up < 3; place = Path.GetDirectoryName(place), up++)
        {
            var list = Path.Combine(place, ListName);
            if (File.Exists(list)) return [.. ProtocolLines.Untrimmed(list, "a name a line").Select(line => line.Text.Trim())];
        }

        return null;
    }
}
