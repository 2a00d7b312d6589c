using System.Collections.Concurrent;
using System.Globalization;
using Ablation.Harness.Formats;

namespace Ablation.Harness.Faces;

/// <summary>
/// Finds names of persons by the folders of their images: the folder's name if it has a letter; if it is a number, that line of
/// <c>list_name.txt</c> (as in CFP) beside the folder or up to two folders above.
/// </summary>
internal sealed class PersonNames
{
    private const string ListName = "list_name.txt";
    private readonly ConcurrentDictionary<string, string[]?> listAbove = new();

    /// <summary>Returns null if the folder gives no name.</summary>
    public string? Find(string folder)
    {
        var name = Path.GetFileName(folder);
        if (name.Any(char.IsLetter)) return name;
        if (!int.TryParse(name, NumberStyles.None, null, out var number) || Path.GetDirectoryName(folder) is not { } above) return null;
        var names = listAbove.GetOrAdd(above, ReadList);
        return names is not null && number >= 1 && number <= names.Length && names[number - 1].Length > 0 ? names[number - 1] : null;
    }

    /// <summary>
    /// Returns the deepest folder that all of a person's files share, or null if another person has it too. Files and persons run in step.
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
            if (File.Exists(list)) return [.. ProtocolLines.Untrimmed(list, "one name per line").Select(line => line.Text.Trim())];
        }

        return null;
    }
}
