using System.Globalization;
using Ablation.Harness.Formats;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Faces;

/// <summary>The files of a RecordIO pack: records, index and, optionally, "property".</summary>
internal sealed record PackFiles(string Records, string Index, string Property)
{
    /// <summary>Finds a pack in a folder (train.rec, or the only .rec in it) or from its .rec or .idx file.</summary>
    /// <exception cref="DataProblem">No pack, or several.</exception>
    public static PackFiles At(string path)
    {
        if (!Directory.Exists(path))
        {
            return Path.GetExtension(path) is ".rec" or ".idx"
                ? Find(path)
                : throw new DataProblem(path, "no such folder", "check the path and the data folder; a pack is a folder, or its .rec file");
        }

        string[] packs = [.. Directory.GetFiles(path, "*.rec").Order(StringComparer.Ordinal)];
        if (packs.FirstOrDefault(pack => Path.GetFileName(pack) == "train.rec") is { } train) return Find(train);
        return packs.Length switch
        {
            1 => Find(packs[0]),
            0 => throw new DataProblem(path, "no .rec file in it", "check the path and the data folder"),
            _ => throw new DataProblem(path, $"{packs.Length} packs in it ({string.Join(", ", packs.Select(Path.GetFileName))})",
                "name one of them"),
        };
    }

    public string Name
    {
        get
        {
            var file = Path.GetFileNameWithoutExtension(Records);
            return file == "train" ? Path.GetFileName(Path.GetDirectoryName(Records)) ?? file : file;
        }
    }

    /// <summary>Returns the number of classes that the property file states ("classes,height,width"); null without one.</summary>
    public int? Classes()
    {
        if (PropertyText() is not { } text) return null;
        return int.TryParse(text.Split(',')[0].Trim(), NumberStyles.None, null, out var classes) && classes > 0
            ? classes
            : throw new DataProblem($"{Property}(1)", $"\"{text}\" does not state a number of classes",
                "the line is: classes,height,width");
    }

    /// <summary>Returns the size of every image as the property file states it; null if there is none, or it states only classes.</summary>
    public (int Width, int Height)? Size()
    {
        if (PropertyText()?.Split(',', StringSplitOptions.TrimEntries) is not { Length: > 1 } parts) return null;
        return parts.Length == 3 && int.TryParse(parts[1], NumberStyles.None, null, out var height) && height > 0
               && int.TryParse(parts[2], NumberStyles.None, null, out var width) && width > 0 ? (width, height)
            : throw new DataProblem($"{Property}(1)", $"\"{string.Join(',', parts)}\" does not state height and width",
                "the line is: classes,height,width");
    }

    private string? PropertyText() => !File.Exists(Property) ? null
        : ProtocolLines.Read(Property, "the line is: classes,height,width").FirstOrDefault().Text ?? "";

    private static PackFiles Find(string file) => new(Path.ChangeExtension(file, ".rec"), Path.ChangeExtension(file, ".idx"),
        Path.Combine(Path.GetDirectoryName(file) ?? ".", "property"));
}
