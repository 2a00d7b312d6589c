using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Ablation.Harness.Embedding;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;
using Ablation.Harness.Kernels.Search;
using Ablation.Harness.Metrics;

namespace Ablation.Harness.Protocols;

/// <summary>
/// SCface (Grgic, Delac and Grgic 2011): 130 people, one frontal mug shot each, and pictures from five surveillance cameras at three
/// distances. Files are named {id}_frontal and {id}_cam{1..5}_{1..3}, in any folder below the root; other files (infrared cameras, rotated
/// mug shots) are ignored. Nothing is trained on it.
/// </summary>
[Description("SCface by its file names: surveillance pictures at 4.20 m, 2.60 m and 1.00 m searched among the mug shots")]
public sealed record SCfaceOptions : ProtocolOptions
{
    [Required, Description("The folder of the images, which may be in folders below it")]
    [OnDisk]
    public required string Root { get; init; }

    [Description("Subjects tested per draw; 80, as in papers that fine-tune on the other 50"), Range(2, 130)]
    public int TestSubjects { get; init; } = 80;

    [Description("Draws of test subjects"), Range(2, 1000)]
    public int Draws { get; init; } = 10;

    [Description("Draws the test subjects")]
    public int Seed { get; init; }

    [Description("Name in tables; default: SCface")]
    public string? Name { get; init; }

    public override FaceTest Open(DataRoot data) => new SCfaceTest(CheckedOptions.Of(this), data.Resolve(Root));
}

internal sealed partial class SCfaceTest : FaceTest
{
    /// <summary>Returns whether a folder, or one directly below it, has mug shots, by their names.</summary>
    public static bool IsAt(string root) =>
        Directory.EnumerateDirectories(root).Prepend(root).SelectMany(folder => Directory.EnumerateFiles(folder, "*_frontal.*"))
        .Any(file => Pattern().IsMatch(Path.GetFileNameWithoutExtension(file)));

    private static readonly string[] Distances = ["4.20 m", "2.60 m", "1.00 m"];
    private readonly SCfaceOptions options;
    private readonly List<(string Path, string Name, string Subject)> images = []; // mug shots first
    private readonly int subjects;
    private readonly string[] notes;
    private readonly List<(int Image, int Subject)>[] probes = [[], [], []]; // of each distance

    /// <exception cref="DataProblem">There are fewer than two mug shots, one is missing, or two files are the same picture.</exception>
    public SCfaceTest(SCfaceOptions options, string root)
    {
        this.options = options;
        Name = options.Name ?? "SCface";
        if (!Directory.Exists(root)) throw new DataProblem(root, "no such folder", "check the path and the data folder");
        var walk = new FolderWalk(root);
        var pictures = walk.Images(root, out _).Select(name => (Path: Path.Combine(root, name), Name: name))
            .Select(file => (File: file, Name: Pattern().Match(Path.GetFileNameWithoutExtension(file.Path)))).ToList();
        var found = pictures.Where(one => one.Name.Success).ToList();
        var others = pictures.Where(one => !one.Name.Success).ToList();
        var seen = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (file, name) in found)
        {
            if (!seen.TryAdd(name.Value, file.Path))
                throw new DataProblem(file.Path, $"{seen[name.Value]} is the same picture, by its name", "keep one of the two");
        }

        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (file, name) in found.Where(one => !one.Name.Groups["cam"].Success))
        {
            numbers.Add(name.Groups["id"].Value, images.Count);
            images.Add((file.Path, file.Name, name.Groups["id"].Value));
        }

        subjects = images.Count;
        if (subjects < 2)
            throw new DataProblem(root, $"{subjects} mug shots",
                "expected files named {id}_frontal and {id}_cam{n}_{d}, such as SCface's 001_frontal.jpg");
        foreach (var (file, name) in found.Where(one => one.Name.Groups["cam"].Success))
        {
            if (!numbers.TryGetValue(name.Groups["id"].Value, out var subject))
                throw new DataProblem(file.Path, $"there is no {name.Groups["id"].Value}_frontal",
                    "put the mug shot of every subject below the folder");
            probes[name.Groups["d"].Value[0] - '1'].Add((images.Count, subject));
            images.Add((file.Path, file.Name, name.Groups["id"].Value));
        }

        if (Array.FindIndex(probes, distance => distance.Count == 0) is var empty and >= 0)
            throw new DataProblem(root, $"no picture at {Distances[empty]}", $"expected files named {{id}}_cam{{n}}_{empty + 1}");
        notes =
        [
            .. walk.Skipped.Lines(),
            .. others.Count > 0 ? [$"{others.Count} pictures have other names than {{id}}_frontal and {{id}}_cam{{1-5}}_{{1-3}} and are " +
                $"not read, the first is {others[0].File.Name}"] : Array.Empty<string>(),
            .. probes.Select(distance => distance.Count).Distinct().Count() > 1 ? ["the distances have different numbers of pictures: " +
                string.Join(", ", probes.Select((distance, i) => $"{distance.Count} at {Distances[i]}"))] : Array.Empty<string>(),
        ];
    }

    public override string Name { get; }

    public override IReadOnlyList<string> Parts => [.. Distances.Select(PartName)];

    public override IReadOnlyList<string> Notes => [.. notes, .. base.Notes];

    public override int ImageCount => images.Count;

    public override long ScoreCount => probes.Sum(distance => (long)distance.Count * subjects);

    public override FaceImage Read(int image) => Noting(image, ImageDecoder.DecodeFile(images[image].Path));

    public override string Locate(int image) => images[image].Path;

    public override string ImageName(int image) => images[image].Name;

    public override string? ImageKey(int image) => SourceFingerprint.OfFile(images[image].Path);

    /// <summary>Returns the subject's number with the prefix SCface, since other sets use numbers too.</summary>
    public override string PersonName(int image) => $"SCface-{images[image].Subject}";

    public override IReadOnlyList<TestScores> Score(TestEmbeddings embeddings, CancellationToken cancel)
    {
        var gallery = embeddings.Sum.Normalised([.. Enumerable.Range(0, subjects)], Locate);
        return [.. Distances.Select((distance, d) =>
        {
            var rows = embeddings.Sum.Normalised([.. probes[d].Select(probe => probe.Image)], Locate);
            var similarity = new double[rows.Rows * subjects];
            for (var i = 0; i < similarity.Length; i++) similarity[i] = TileProduct.Exact(rows[i / subjects], gallery[i % subjects]);
            return new SubjectDrawScores(PartName(distance), similarity, [.. probes[d].Select(probe => probe.Subject)],
                options.TestSubjects, options.Draws, options.Seed);
        })];
    }

    private string PartName(string distance) => $"{Name} {distance}";

    public override void Describe(DesignHash hash)
    {
        hash.Add(subjects, options.TestSubjects, options.Draws, options.Seed);
        foreach (var distance in probes)
        {
            hash.Add(distance.Count);
            foreach (var (image, subject) in distance) hash.Add(image, subject);
        }
    }

    [GeneratedRegex("^(?<id>[0-9A-Za-z]+)_(?:frontal|cam(?<cam>[1-5])_(?<d>[1-3]))$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
