using System.Text.Json;
using Ablation.Harness.Formats;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Protocols;

/// <summary>One of MegaFace's JSON lists, and the folder of its images.</summary>
/// <param name="Images">Distinct paths relative to the folder, with '/' as separator.</param>
/// <param name="Identities">One per image; empty for a list without identities.</param>
internal sealed record MegaFaceList(string Path, string Root, IReadOnlyList<string> Images, IReadOnlyList<string> Identities)
{
    /// <summary>What was noticed of noise lists.</summary>
    public IReadOnlyList<string> Notes { get; private init; } = [];

    private const string Cure =
        "each list is {\"path\": [\"folder/image.jpg\", ...], \"id\": [\"who\", ...]}: unpack the authors' lists again";
    private const long MostBytes = 1L << 30; // a million entries need about 60 MB

    /// <exception cref="DataProblem">The list or the folder is missing, or the list is not in the format.</exception>
    public static MegaFaceList Read(string path, string root, bool hasIdentities)
    {
        if (!File.Exists(path)) throw new DataProblem(path, "no such file", "check the path and the data folder");
        if (!Directory.Exists(root)) throw new DataProblem(root, "no such folder", "check the path and the data folder");
        if (new FileInfo(path).Length > MostBytes) throw new DataProblem(path, "more than 1 GiB, more than any list of MegaFace", Cure);
        JsonDocument document;
        try
        {
            using var stream = File.OpenRead(path);
            document = JsonDocument.Parse(stream);
        }
        catch (JsonException e)
        {
            throw new DataProblem($"{path}({(e.LineNumber ?? 0) + 1})", $"no JSON: {e.Message}", Cure, e);
        }

        using (document)
        {
            var images = Texts(path, document.RootElement, "path");
            var identities = hasIdentities ? Texts(path, document.RootElement, "id") : [];
            if (images.Length == 0) throw new DataProblem(path, "the list is empty", Cure);
            if (hasIdentities && identities.Length != images.Length)
                throw new DataProblem(path, $"{images.Length} paths and {identities.Length} ids", Cure);
            var places = new Dictionary<string, int>(NamesOnDisk.Comparer);
            for (var i = 0; i < images.Length; i++)
            {
                images[i] = images[i].Replace('\\', '/');
                if (images[i].StartsWith('/') || images[i].Contains(':') || images[i].Split('/').Contains("..") || images[i].Contains('\0'))
                    throw new DataProblem(At(path, "path", i), $"\"{images[i]}\" is no path below the images' folder", Cure);
                var spelling = NamesOnDisk.Spelling(root, images[i]);
                if (!places.TryAdd(spelling, i))
                    throw new DataProblem(At(path, "path", i), $"{images[i]} is already path[{places[spelling]}]", Cure);
            }

            return new MegaFaceList(path, root, images, identities);
        }
    }

    /// <summary>Removes the images that a noise list names: by path, by file name, or by either without its extension. A line is a name, or
    /// several fields separated by TAB of which the last is the name; lines that begin with '#' are comments.</summary>
    /// <exception cref="DataProblem">The list is missing, names no image of this set, or names all of them.</exception>
    public MegaFaceList Without(string noise)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (line, _) in ProtocolLines.Read(noise, "check the path and the data folder"))
        {
            if (line.StartsWith('#') || line.Split('\t')[^1].Trim() is not { Length: > 0 } name) continue;
            names.Add(UnicodeForm.Decomposed(name.Replace('\\', '/')));
        }

        int[] kept = [.. Enumerable.Range(0, Images.Count).Where(i => !Names(Images[i]).Any(names.Contains))];
        if (names.Count > 0 && kept.Length == Images.Count)
            throw new DataProblem(noise, $"none of its {names.Count} names is an image of {Path}", "name the noise list of these images");
        if (kept.Length == 0) throw new DataProblem(noise, $"it names every image of {Path}", "name the noise list of these images");
        var found = Images.SelectMany(Names).Where(names.Contains).Distinct(StringComparer.Ordinal).Count();
        return this with
        {
            Notes = found == names.Count ? Notes : [.. Notes, $"{names.Count - found} of the {names.Count} names of " +
                $"{System.IO.Path.GetFileName(noise)} are no image of {System.IO.Path.GetFileName(Path)}"],
            Images = [.. kept.Select(i => Images[i])],
            Identities = Identities.Count == 0
            ? [] : [.. kept.Select(i => Identities[i])]
        };
    }

    /// <summary>Finds the files of the first <paramref name="count"/> images, spelled as on disk.</summary>
    /// <exception cref="DataProblem">One of them is missing.</exception>
    public IReadOnlyList<string> Files(int count)
    {
        var (disk, files) = (new NamesOnDisk(), new string[count]);
        for (var i = 0; i < count; i++)
        {
            var file = System.IO.Path.Combine(Root, Images[i]);
            files[i] = disk.Find(file) is { } found && File.Exists(found) ? found
                : throw new DataProblem(Path, $"it names {Images[i]}, and there is no {file}",
                    "check the images' folder, or omit the image by a noise list");
        }

        return files;
    }

    private static IEnumerable<string> Names(string image)
    {
        image = UnicodeForm.Decomposed(image);
        var file = image[(image.LastIndexOf('/') + 1)..];
        var extension = System.IO.Path.GetExtension(file).Length;
        return [image, image[..^extension], file, file[..^extension]];
    }

    private static string[] Texts(string path, JsonElement root, string key)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(key, out var list) || list.ValueKind != JsonValueKind.Array)
            throw new DataProblem(path, $"there is no list \"{key}\" in it", Cure);
        return [.. list.EnumerateArray().Select((item, i) => item.ValueKind switch
        {
            JsonValueKind.String when Text(path, item, key, i) is { Length: > 0 } text => text,
            JsonValueKind.Number when key == "id" => item.GetRawText(),
            _ => throw new DataProblem(At(path, key, i),
                $"{(item.ValueKind == JsonValueKind.String ? "an empty text" : item.ValueKind.ToString())}, a text is expected", Cure),
        })];
    }

    private static string? Text(string path, JsonElement item, string key, int index)
    {
        try
        {
            return item.GetString();
        }
        catch (InvalidOperationException e)
        {
            throw new DataProblem(At(path, key, index), "the text is not in UTF-8", Cure, e);
        }
    }

    private static string At(string path, string key, int index) => $"{path}, {key}[{index}]";
}
