using Ablation.Harness.Formats;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Protocols.Ijb;

/// <summary>
/// The pairs of <c>*_template_pair_label.txt</c>: lines "template template label", label 1 for one person and 0 for two.
/// </summary>
/// <param name="First">Index of the left template.</param>
/// <param name="Second">Index of the right template.</param>
internal sealed record IjbPairs(int[] First, int[] Second, bool[] Same)
{
    private const int MostPairs = 200_000_000;
    private const string Columns = "template, template, label (0 or 1)";

    /// <param name="templateIds">The numbers of templates that have images.</param>
    /// <param name="mediaFile">The file that names them, for the error.</param>
    /// <param name="expected">Number of lines of the published list; null if unknown.</param>
    /// <exception cref="DataProblem">The file is missing or damaged, or names a template without images.</exception>
    public static IjbPairs Read(string path, int[] templateIds, string mediaFile, int? expected)
    {
        using var lines = new TextLines(path, MostPairs);
        if (expected is { } count && lines.Lines != count)
            throw new DataProblem(lines.Where(lines.Lines - 1), $"{lines.Lines} pairs, but the published list has {count}",
                "download the file again");
        var indexOf = IjbImages.IndexOf(templateIds);
        var pairs = new IjbPairs(new int[lines.Lines], new int[lines.Lines], new bool[lines.Lines]);
        lines.Parse((int index, ref LineFields fields) =>
        {
            pairs.First[index] = Template(ref fields);
            pairs.Second[index] = Template(ref fields);
            var label = fields.Whole(Columns);
            if (label > 1) throw fields.Problem($"label {label}", "a label is 1 for one person and 0 for two");
            pairs.Same[index] = label == 1;
            fields.End(Columns);
        });
        return pairs;

        int Template(ref LineFields fields)
        {
            var id = fields.Whole(Columns);
            return indexOf.TryGetValue(id, out var template) ? template
                : throw fields.Problem($"template {id} has no image in {Path.GetFileName(mediaFile)}", "take both files from one download");
        }
    }
}
