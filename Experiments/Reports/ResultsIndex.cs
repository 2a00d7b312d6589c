using Ablation.Experiments.Reports.Page;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Store;

namespace Ablation.Experiments.Reports;

/// <summary>Writes one page over all suites of a folder of results: index.html, one row per suite, from the summary.json of each.</summary>
public static class ResultsIndex
{
    public const string FileName = "index.html";

    /// <summary>Writes the page; the same folder gives the same bytes. Returns its path.</summary>
    /// <param name="results">The folder with one folder per suite.</param>
    /// <exception cref="DirectoryNotFoundException">The folder is missing.</exception>
    public static string Write(string results)
    {
        if (!Directory.Exists(results))
            throw new DirectoryNotFoundException($"{results}: no such folder; name the folder of all results with --results");
        var path = Path.Combine(results, FileName);
        AtomicFile.Write(path, HtmlWriter.Write(Compose(results)));
        return path;
    }

    private static Document Compose(string results)
    {
        var folders = Directory.GetDirectories(results).Order(StringComparer.Ordinal).ToList();
        var rows = folders.Select(Row).OfType<IReadOnlyList<TextCell>>().ToList();
        TextHeader[] headers =
        [
            new("suite"), new("question"), new("answer"), new("trials", IsNumber: true), new("finished", IsNumber: true),
                new("failed", IsNumber: true),
            new("not run", IsNumber: true), new("last trial ended", "UTC"),
        ];
        Block body = rows.Count == 0 ? new Paragraph("No suite has a report here yet.") : new TableBlock(new TextTable("", headers, rows));
        return new Document("Results",
            [new Paragraph("Every suite of this folder, with the answer of its report when it was last written."), body]);
    }

    /// <summary>Returns null for a folder that belongs to no suite.</summary>
    private static IReadOnlyList<TextCell>? Row(string folder)
    {
        var name = Path.GetFileName(folder);
        try
        {
            if (SuiteOutcome.Load(folder) is { } outcome) return Row(name, outcome);
            return Directory.Exists(Path.Combine(folder, "trials")) ? Row(name, "No report yet: ablation report writes it.") : null;
        }
        catch (InvalidDataException e)
        {
            return Row(name, $"{SuiteOutcome.FileName} cannot be read; write the report again. {e.InnerException?.Message}");
        }
    }

    private static IReadOnlyList<TextCell> Row(string name, SuiteOutcome outcome) =>
    [
        new("") { Links = [new TextLink(outcome.Name, $"{Uri.EscapeDataString(name)}/report.html")] }, new(outcome.Question),
            new(outcome.Answer),
        Number(outcome.Trials), Number(outcome.Finished), Number(outcome.Failed), Number(outcome.Missing),
        new(outcome.LastEnd?.UtcDateTime.ToString("yyyy-MM-dd HH:mm") ?? ValueFormat.Missing),
    ];

    private static IReadOnlyList<TextCell> Row(string name, string remark)
    {
        var missing = new TextCell(ValueFormat.Missing);
        return [new(name), missing, new(remark), missing, missing, missing, missing, missing];
    }

    private static TextCell Number(int count) => new(count.ToString()) { Value = count };
}
