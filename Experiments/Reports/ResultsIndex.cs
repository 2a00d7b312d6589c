using Ablation.Experiments.Reports.Page;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Store;

namespace Ablation.Experiments.Reports;

/// <summary>Writes one page over all suites of a folder of results: index.html, one entry per suite, from its summary.json.</summary>
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
        var entries = Directory.GetDirectories(results).Order(StringComparer.Ordinal)
            .Select(folder => (Name: Path.GetFileName(folder), Entry: Entry(folder))).Where(suite => suite.Entry is not null).ToList();
        if (entries.Count == 0) return new Document("Results", [new Paragraph("No suite has a report here yet.")]);
        return new Document("Results",
        [
            new Paragraph("Every suite of this folder, with the answer of its report when it was last written."),
            .. entries.SelectMany(suite => (Block[])[new Heading(2, suite.Name), suite.Entry!]),
        ]);
    }

    /// <summary>Returns null for a folder that belongs to no suite.</summary>
    private static SuiteEntry? Entry(string folder)
    {
        try
        {
            if (SuiteOutcome.Load(folder) is { } outcome) return Entry(Path.GetFileName(folder), outcome);
            return Directory.Exists(Path.Combine(folder, "trials")) ? Without("No report yet: ablation report writes it.") : null;
        }
        catch (InvalidDataException e)
        {
            return Without($"{SuiteOutcome.FileName} cannot be read; write the report again. {e.InnerException?.Message}");
        }
    }

    private static SuiteEntry Entry(string name, SuiteOutcome outcome) => new(outcome.Question,
        Bare(outcome), outcome.Warnings, [.. Facts(outcome)],
        $"{Uri.EscapeDataString(name)}/report.html");

    /// <summary>The answer with its word, without the warnings, which stand by themselves.</summary>
    private static string Bare(SuiteOutcome outcome)
    {
        var warnings = string.Join(" ", outcome.Warnings);
        return warnings.Length > 0 && outcome.Answer.StartsWith(warnings, StringComparison.Ordinal)
            ? outcome.Answer[warnings.Length..].TrimStart() : outcome.Answer;
    }

    private static SuiteEntry Without(string report) => new("", report, [], [], null);

    private static IEnumerable<string> Facts(SuiteOutcome outcome)
    {
        yield return $"{outcome.Finished} of {outcome.Trials} trials done";
        if (outcome.Failed > 0) yield return $"{outcome.Failed} failed";
        if (outcome.Missing > 0) yield return $"{outcome.Missing} not run";
        if (outcome.LastEnd is { } end) yield return $"the last ended {end.UtcDateTime:yyyy-MM-dd HH:mm} UTC";
    }
}
