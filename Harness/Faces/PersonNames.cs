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
    /// Returns the folder that names each person: the deepest one that all files of the person share, or one above it where other people
    /// have a folder of the same name (001/frontal, 002/frontal). Null if it holds files of another person. Files and persons run in step.
    /// </summary>
    public static string?[] FoldersOf(IReadOnlyList<string> files, IReadOnlyList<int> persons, int count)
    {
        var shared = new string?[count];
        var owners = new Dictionary<string, int>(StringComparer.Ordinal); // of every folder: its only person, or Several
        for (var i = 0; i < files.Count; i++)
        {
            var folder = Path.GetDirectoryName(files[i]) ?? "";
            ref var known = ref shared[persons[i]];
            if (known == folder) continue;
            Own(owners, folder, persons[i]);
            known = known is null ? folder : Common(known, folder);
        }

        var alike = shared.OfType<string>().CountBy(folder => Path.GetFileName(folder)).ToDictionary();
        return [.. shared.Select((folder, person) => Naming(folder, person, owners, alike))];
    }

    private const int Several = -1;

    /// <summary>Enters the owner of a folder and of all above it.</summary>
    private static void Own(Dictionary<string, int> owners, string folder, int person)
    {
        for (; folder.Length > 0; folder = Path.GetDirectoryName(folder) ?? "")
        {
            if (owners.TryAdd(folder, person)) continue;
            if (owners[folder] == person || owners[folder] == Several) return; // so it is above
            owners[folder] = Several;
        }
    }

    private static string? Naming(string? folder, int person, Dictionary<string, int> owners, Dictionary<string, int> alike)
    {
        if (folder is not { Length: > 0 } || owners[folder] != person) return null;
        while (alike.GetValueOrDefault(Path.GetFileName(folder)) > 1 && Path.GetDirectoryName(folder) is { Length: > 0 } above
            && owners[above] == person) folder = above;
        return folder;
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
