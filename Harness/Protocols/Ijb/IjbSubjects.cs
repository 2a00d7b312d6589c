using Ablation.Harness.Formats;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Protocols.Ijb;

/// <summary>
/// Templates and their subjects from a list for 1:N (<c>*_1N_gallery_*.csv</c>, <c>*_1N_probe_mixed.csv</c>): a header line, then one line
/// per image whose first two columns are template and subject. All lines of a template must have the same subject. Further columns are
/// ignored, but each line must have as many as the header.
/// </summary>
/// <param name="Name">"G1", "S2", "mixed".</param>
/// <param name="Templates">Distinct indices of templates, in order of first appearance.</param>
/// <param name="Subjects">The subject of each template, as numbered by the file.</param>
internal sealed record IjbSubjects(string Name, int[] Templates, int[] Subjects)
{
    private const int MostLines = 10_000_000;
    private const string Columns = "template, subject and as many further columns as the header";

    /// <param name="templateIds">The numbers of templates that have images.</param>
    /// <param name="mediaFile">The file that names them, for the error.</param>
    /// <exception cref="DataProblem">The file is missing or damaged, or names a template without images.</exception>
    public static IjbSubjects Read(string path, string name, int[] templateIds, string mediaFile)
    {
        using var lines = new TextLines(path, MostLines);
        if (lines.Lines < 2) throw new DataProblem(lines.Where(0), "no templates after the header", "download the file again");
        var (templates, subjects, columns) = (new int[lines.Lines], new int[lines.Lines], new int[lines.Lines]);
        lines.Parse((int index, ref LineFields fields) =>
        {
            columns[index] = fields.Columns;
            if (index == 0) RequireHeader(ref fields);
            if (index == 0) return;
            templates[index] = fields.Whole(Columns);
            subjects[index] = fields.Whole(Columns);
        }, separator: ',');

        var indexOf = IjbImages.IndexOf(templateIds);
        var subjectOf = new Dictionary<int, (int Subject, int Line)>();
        var order = new List<int>();
        for (var line = 1; line < templates.Length; line++)
        {
            if (columns[line] != columns[0])
                throw new DataProblem(lines.Where(line), $"{columns[line]} columns, but the header has {columns[0]}",
                    "download the file again");
            var (id, subject) = (templates[line], subjects[line]);
            if (!indexOf.ContainsKey(id))
                throw new DataProblem(lines.Where(line), $"template {id} has no image in {Path.GetFileName(mediaFile)}",
                    "take both files from one download");
            if (subjectOf.TryAdd(id, (subject, line))) order.Add(id);
            else if (subjectOf[id].Subject != subject)
                throw new DataProblem(lines.Where(line),
                    $"template {id} shows subject {subject}, but {subjectOf[id].Subject} in line {subjectOf[id].Line + 1}",
                        "a template shows one person: download the file again");
        }

        return new IjbSubjects(name, [.. order.Select(id => indexOf[id])], [.. order.Select(id => subjectOf[id].Subject)]);
    }

    /// <summary>Requires a header: without one, the first template would be skipped unnoticed.</summary>
    private static void RequireHeader(ref LineFields fields)
    {
        if (fields.Columns < 2) throw fields.Problem("a header of one column", "the first two columns are template and subject");
        foreach (var letter in fields.Next(Columns))
        {
            if (letter is < (byte)'0' or > (byte)'9') return;
        }

        throw fields.Problem("the first line is no header", "the first line names the columns: TEMPLATE_ID,SUBJECT_ID,...");
    }
}
