using Ablation.Experiments.Reports.Page;
using Ablation.Experiments.Store;
using Ablation.Experiments.Terminal;
using Ablation.Harness.Protocols;

namespace Ablation.Experiments.Reports.Comparing;

/// <summary>
/// Writes two suites side by side: compare.html, compare.md and compare.csv in a folder of the results that is named after both.
/// </summary>
public static class ComparisonReport
{
    /// <summary>Folder of all comparisons in the results.</summary>
    public const string Folder = "compare";

    /// <summary>Writes all three files; the same stores give the same bytes. Returns the page's path.</summary>
    /// <param name="results">Folder of all results.</param>
    /// <exception cref="IOException">A file could not be written; the others were.</exception>
    public static string Write(SideBySide both, string results)
    {
        var (composed, held) = (ComparisonPage.Of(both), new HeldFiles());
        var folder = Path.Combine(results, Folder,
            $"{StoredName.FileName(both.A.Name)}-and-{StoredName.FileName(both.B.Name)}");
        var page = Path.Combine(folder, "compare.html");
        held.Try(() => AtomicFile.Write(Path.Combine(folder, "compare.csv"), ComparisonCsv.Write(both)));
        held.Try(() => AtomicFile.Write(Path.Combine(folder, "compare.md"), MarkdownWriter.Write(composed.Text())));
        held.Try(() => AtomicFile.Write(page, HtmlWriter.Write(composed.Page())));
        held.ThrowIfAny();
        return page;
    }

    /// <summary>Returns the short text for a terminal: the answer, a table per test, and what was set differently.</summary>
    public static IEnumerable<string> Lines(SideBySide both, TerminalLook look)
    {
        var composed = ComparisonPage.Of(both);
        foreach (var sentence in composed.Answer.Sentences)
        {
            foreach (var line in Fit.Wrap(sentence, look.Width)) yield return line;
        }

        foreach (var test in both.Tests)
        {
            yield return "";
            if (test.Headline is not { } figure)
            {
                foreach (var line in Fit.Wrap(test.Problem!, look.Width)) yield return line;
                continue;
            }

            var rows = figure.Cells.Select(cell => ChangeRow.Of(cell.Loss, cell.A, cell.B, cell.Comparison,
                ChangeTables.Word(cell, figure.Column.Format), figure.Column.Format)).ToList();
            foreach (var line in Fit.Wrap($"{test.Place}, {figure.Column.Name} % ({figure.Column.Estimator})", look.Width, 2))
                yield return line;
            foreach (var line in ChangeRow.Lines(rows, $"A {both.A.Name}", $"B {both.B.Name}", look)) yield return line;
        }

        if (composed.Settings.Count == 0) yield break;
        yield return "";
        foreach (var line in FittedTable.Lines(
        [
            new("settings that differ", [.. composed.Settings.Select(setting => setting.Path)]) { IsText = true },
            new("A", [.. composed.Settings.Select(setting => setting.A)]) { IsText = true },
            new("B", [.. composed.Settings.Select(setting => setting.B)]) { IsText = true },
        ], look.Width, look.HasSymbols)) yield return line;
    }
}
