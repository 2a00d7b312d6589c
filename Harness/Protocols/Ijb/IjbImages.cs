using Ablation.Harness.Formats;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Protocols.Ijb;

/// <summary>
/// The images of IJB-B or IJB-C in the order of <c>*_face_tid_mid.txt</c> (lines "image template media"), each with its five landmarks and
/// the detector's score from <c>*_name_5pts_score.txt</c> (lines "image x1 y1 .. x5 y5 score" in any order, found by name).
/// </summary>
/// <param name="Names">Paths relative to the folder of the images.</param>
/// <param name="Template">Of each image, as an index into <paramref name="TemplateIds"/>.</param>
/// <param name="Media">Of each image: the still picture or the video (several frames) that it is from. Unique within a template.</param>
/// <param name="TemplateIds">The numbers that the files use, rising.</param>
/// <param name="Landmarks">Ten numbers per image, in its pixels: x and y of left eye, right eye, nose, left and right corner of the
/// mouth.</param>
/// <param name="DetectorScores">0 .. 1.</param>
internal sealed record IjbImages(string[] Names, int[] Template, int[] Media, int[] TemplateIds, float[] Landmarks, float[] DetectorScores)
{
    /// <summary>Coordinates of five landmarks.</summary>
    public const int Coordinates = 10;
    private const int MostImages = 10_000_000;
    private const float Farthest = 100_000; // pixels; in loose crops, landmarks lie at most a little outside the picture
    private const string MediaColumns = "image, template, media";
    private const string PointColumns = "image, x and y of five landmarks, detector score (0 .. 1)";

    /// <exception cref="DataProblem">A file is missing or damaged, or the two do not name the same images.</exception>
    public static IjbImages Read(string mediaFile, string pointFile)
    {
        using var lines = new TextLines(mediaFile, MostImages);
        var (names, templates, medias) = (new string[lines.Lines], new int[lines.Lines], new int[lines.Lines]);
        lines.Parse((int index, ref LineFields fields) =>
        {
            names[index] = fields.Name(MediaColumns);
            templates[index] = fields.Whole(MediaColumns);
            medias[index] = fields.Whole(MediaColumns);
            fields.End(MediaColumns);
        });
        var numberOf = new Dictionary<string, int>(names.Length, StringComparer.Ordinal);
        for (var image = 0; image < names.Length; image++)
        {
            if (!numberOf.TryAdd(names[image], image))
                throw new DataProblem(lines.Where(image), $"{names[image]} is already in line {numberOf[names[image]] + 1}",
                    "an image belongs to one template: download the file again");
        }

        var (landmarks, scores) = Points(pointFile, numberOf, lines, names);
        int[] ids = [.. new HashSet<int>(templates).Order()];
        var indexOf = IndexOf(ids);
        for (var image = 0; image < templates.Length; image++) templates[image] = indexOf[templates[image]];
        return new IjbImages(names, templates, medias, ids, landmarks, scores);
    }

    /// <summary>Maps a template's number to its index.</summary>
    public static Dictionary<int, int> IndexOf(int[] ids)
    {
        var indexOf = new Dictionary<int, int>(ids.Length);
        for (var index = 0; index < ids.Length; index++) indexOf.Add(ids[index], index);
        return indexOf;
    }

    private static (float[] Landmarks, float[] Scores) Points(string pointFile, Dictionary<string, int> numberOf, TextLines mediaLines,
        string[] names)
    {
        using var lines = new TextLines(pointFile, MostImages);
        var (landmarks, scores) = (new float[names.Length * Coordinates], new float[names.Length]);
        var imageOf = new int[lines.Lines];
        lines.Parse((int index, ref LineFields fields) =>
        {
            fields.Require(Coordinates + 2, PointColumns);
            var name = fields.Name(PointColumns);
            if (!numberOf.TryGetValue(name, out var image))
                throw fields.Problem($"{mediaLines.Path} does not name {name}", "take both files from one download");
            imageOf[index] = image;
            for (var i = 0; i < Coordinates; i++) landmarks[image * Coordinates + i] = fields.Real(PointColumns, -Farthest, Farthest);
            scores[image] = fields.Real(PointColumns, 0, 1);
        });
        var lineOf = new int[names.Length];
        for (var line = 0; line < imageOf.Length; line++)
        {
            ref var before = ref lineOf[imageOf[line]];
            if (before > 0)
                throw new DataProblem(lines.Where(line), $"{names[imageOf[line]]} is already in line {before}",
                    "an image has one line: download the file again");
            before = line + 1;
        }

        var missing = lineOf.IndexOf(0);
        if (missing >= 0)
            throw new DataProblem(mediaLines.Where(missing), $"{pointFile} has no landmarks of {names[missing]}",
                "take both files from one download");
        return (landmarks, scores);
    }
}
