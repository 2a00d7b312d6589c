using System.Text;
using Ablation.Experiments.Processes;
using Ablation.Experiments.Reports.Page;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness.Protocols;

namespace Ablation.Experiments.Reports;

/// <summary>
/// Writes the report of a suite from its store: report.md, report.html, summary.csv, summary.json, table.tex and the plots.
/// </summary>
public static class SuiteReport
{
    /// <summary>Writes everything; the same store gives the same bytes. Returns the path of the page.</summary>
    /// <exception cref="IOException">A file could not be written, for example because a program has it open; the others were.</exception>
    /// <exception cref="InvalidDataException">A stored file of the suite is damaged or contradicts another; the message names
    /// it.</exception>
    public static string Write(Suite suite, ResultStore store) => Write(Summary.Read(suite, store), store);

    /// <inheritdoc cref="Write(Suite, ResultStore)"/>
    public static string Write(Summary summary, ResultStore store)
    {
        var held = new HeldFiles();
        var page = Write(summary, store, held);
        held.ThrowIfAny();
        return page;
    }

    /// <summary>The same; a file that cannot be written is noted in <paramref name="held"/>.</summary>
    /// <inheritdoc cref="Write(Suite, ResultStore)"/>
    public static string Write(Summary summary, ResultStore store, HeldFiles held) => Write(summary, store, held, store.Folder);

    /// <summary>The same into another folder; nothing in the store is changed.</summary>
    /// <inheritdoc cref="Write(Suite, ResultStore)"/>
    public static string Write(Summary summary, ResultStore store, HeldFiles held, string folder)
    {
        var suite = summary.Suite;
        var parts = ReportParts.Collect(summary, store, held, folder);
        foreach (var figure in parts.Figures) held.Note(figure.Unwritten);
        Action[] files =
        [
            Text("report.html", file => HtmlWriter.Write(PageReport.Compose(parts), file)), // takes longest, so it begins first
            Text("summary.csv", file => file.Write(TableCsv.WriteDefault(summary.Tables))),
            .. summary.Specified.Count == 0 ? Array.Empty<Action>()
                : [Text("tables.csv", file => file.Write(TableCsv.WriteSpecified(summary.Specified)))],
            Text("table.tex", file => file.Write(string.Join("\n", summary.Specified.Concat(summary.Tables).Select(table =>
                LatexTable.Write(table, $"tab:{StoredName.FileName($"{suite.Name} {table.Title} {table.ConditionLabel}")}"))))),
            () => SuiteOutcome.Summarise(summary, parts.Answer).Save(folder),
            Text("report.md", file => file.Write(MarkdownWriter.Write(TextReport.Compose(parts)))),
        ];
        foreach (var problem in EveryCore.Select(files, HeldFiles.Problem)) held.Note(problem);
        return Path.Combine(folder, "report.html");

        Action Text(string name, Action<TextWriter> write) => () => AtomicFile.Write(Path.Combine(folder, name), file =>
        {
            using var text = new StreamWriter(file, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
            write(text);
        });
    }
}
