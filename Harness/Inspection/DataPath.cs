using System.Globalization;
using Ablation.Harness.Faces;
using Ablation.Harness.Formats;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;
using Ablation.Harness.Protocols;
using Ablation.Harness.Protocols.Ijb;

namespace Ablation.Harness.Inspection;

/// <summary>Recognises what a path holds: training faces or tests.</summary>
public sealed record DataPath(SourceOptions? Source, IReadOnlyList<ProtocolOptions> Tests)
{
    private DataPath(ProtocolOptions test) : this(null, [test])
    {
    }

    private const string Known = "known: a folder of identity folders, a .tsv list, a RecordIO pack (.rec or its folder), "
        + "a verification .bin, LFW's pairs.txt, a list of pairs, the folders of CFP, IJB-B, IJB-C, TinyFace, SCface and QMUL-SurvFace";

    /// <summary>Finds by names and first lines which options fit; opens nothing large.</summary>
    /// <exception cref="DataProblem">Nothing fits, or the path does not exist.</exception>
    public static DataPath Guess(string path)
    {
        if (!Path.Exists(path)) path = path.Replace('\\', '/'); // as a suite may write it
        path = Path.GetFullPath(path);
        if (Directory.Exists(path)) return Folder(path);
        if (!File.Exists(path)) throw new DataProblem(path, "no such file or folder", "check the path");
        return Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".rec" or ".idx" => Pack(path),
            ".bin" => new DataPath(new VerificationBinOptions { Path = path }),
            ".tsv" or ".lst" => List(path),
            ".txt" when IsPairs(path) => Pairs(path),
            ".txt" or ".csv" when PairListRoot(path) is { } root => new DataPath(new PairListOptions { Path = path, Root = root }),
            _ => throw new DataProblem(path, "not a kind of data that is read", Known),
        };
    }

    /// <summary>Opens what was found and reads everything.</summary>
    /// <inheritdoc cref="DataCheck.Run(FaceSource, int, IProgress{int}?, CancellationToken)"/>
    public DataCheck Check(int threads = 0, IProgress<int>? progress = null, CancellationToken cancel = default)
    {
        var here = new DataRoot(".");
        if (Source is not null)
        {
            using var source = Source.Open(here);
            return DataCheck.Run(source, threads, progress, cancel);
        }

        using var protocol = Tests[^1].Open(here);
        return DataCheck.Run(protocol, threads, progress, cancel);
    }

    private static DataPath Folder(string path)
    {
        if (Directory.EnumerateFiles(path, "*.rec").Any()) return Pack(path);
        if (IjbFolder.IsAt(path)) return new DataPath(new IjbOptions { Root = path });
        if (new[] { path, Path.Combine(path, "Testing_Set") }.Any(root => Directory.Exists(Path.Combine(root, "Probe"))
            && Directory.Exists(Path.Combine(root, "Gallery_Match"))))
            return new DataPath(new TinyFaceOptions { Root = path });
        if (new[] { path, Path.Combine(path, SurvFaceOptions.Set) }.Any(root => Directory.Exists(Path.Combine(root, SurvFaceOptions.Mated))
            && Directory.Exists(Path.Combine(root, SurvFaceOptions.Unmated))))
            return new DataPath(new SurvFaceOptions { Root = path });
        if (SCfaceTest.IsAt(path)) return new DataPath(new SCfaceOptions { Root = path });
        if (Directory.Exists(Path.Combine(path, "Protocol", "Split")))
            return new DataPath(null,
                [new CfpOptions { Root = path, Protocol = CfpProtocol.FF }, new CfpOptions { Root = path, Protocol = CfpProtocol.FP }]);
        foreach (var pairs in new[] { "pairs.txt", Path.Combine("protocol", "pairs.txt") }.Select(below => Path.Combine(path, below)))
        {
            if (File.Exists(pairs) && IsPairs(pairs)) return Pairs(pairs);
        }

        if (Directory.EnumerateDirectories(path).Any()) return new DataPath(new FolderOptions { Path = path }, []);
        throw new DataProblem(path, "not a kind of data that is read", Known);
    }

    private static DataPath Pack(string path) => new(new RecordIoOptions { Path = path }, []);

    /// <summary>Finds the folder that the list's paths start from: its own or one above, the first that has the first image.</summary>
    private static DataPath List(string path)
    {
        var first = SplitListLines.Read(path).FirstOrDefault().Path
            ?? throw new DataProblem(path, "the list is empty", SplitListLines.Cure);
        var root = FolderWith(first, path);
        return root is null
            ? throw new DataProblem($"{path}(1)", $"there is no {first} in the list's folder or one above",
                "name the list in a suite, with its Root")
            : new DataPath(new SplitListOptions { Path = path, Root = root }, []);
    }

    /// <summary>
    /// Finds the folder that the paths of a list of pairs start from: its own, or one above; null if it is no such list.
    /// </summary>
    private static string? PairListRoot(string path)
    {
        // the first line may be a header, and a label may come first: the reader says so
        foreach (var (text, _) in ProtocolLines.Read(path, Known).Take(2))
        {
            var fields = text.Split('\t', ',', ' ');
            if (fields.Length is not (3 or 4)) continue;
            foreach (var image in fields[..2].Select(field => field.Replace('\\', '/')))
                if (image.Length > 0 && !image.Contains('\0') && FolderWith(image, path) is { } root) return root;
        }

        return null;
    }

    /// <summary>Returns the folder of a list, or the first one above it, that an image's path starts from; null if there is none.</summary>
    private static string? FolderWith(string image, string list) => Above(list)
        .FirstOrDefault(folder => new NamesOnDisk().Find(Path.Combine(folder, image)) is { } found && File.Exists(found));

    private static bool IsPairs(string path)
    {
        var header = ProtocolLines.First(path, Known).Split(['\t', ' '], StringSplitOptions.RemoveEmptyEntries);
        return header.Length is 1 or 2
            && header.All(field => int.TryParse(field, NumberStyles.None, null, out _));
    }

    /// <summary>
    /// Finds the images beside pairs.txt or up to two folders above, or in "Images" there: where the first name is a folder.
    /// </summary>
    private static DataPath Pairs(string path)
    {
        var name = ProtocolLines.Untrimmed(path, Known).Skip(1).FirstOrDefault().Text?.Split(['\t', ' '])[0] ?? "";
        var disk = new NamesOnDisk();
        var places = Above(path).Take(3)
            .SelectMany(folder => new[] { folder, Path.Combine(folder, "Images"), Path.Combine(folder, "images") });
        foreach (var images in places.Where(place => name.Length > 0 && Directory.Exists(disk.Find(Path.Combine(place, name)))))
        {
            var extension = Directory.EnumerateFiles(disk.Find(Path.Combine(images, name))!).Where(FolderWalk.IsImage)
                .Select(Path.GetExtension)
                .FirstOrDefault(found => ImageDecoder.Extensions.Contains(found, StringComparer.OrdinalIgnoreCase));
            if (extension is not null)
                return new DataPath(new LfwPairsOptions { Images = images, Pairs = path, Extension = extension });
        }

        throw new DataProblem(path, $"no folder \"{name}\" of images beside it", "name the pairs file in a suite, with its Images");
    }

    private static IEnumerable<string> Above(string path)
    {
        for (var folder = Directory.GetParent(path); folder is not null; folder = folder.Parent) yield return folder.FullName;
    }
}
