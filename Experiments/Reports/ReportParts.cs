using Ablation.Experiments.Processes;
using Ablation.Experiments.Reports.Figures;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;

namespace Ablation.Experiments.Reports;

/// <summary>A test in one condition.</summary>
/// <param name="Power">How sure each primary column is; empty if no loss is compared, or the suite has many conditions.</param>
internal sealed record TestPart(ResultTable Table, IReadOnlyList<Block> Notes, IReadOnlyList<Block> Figures,
    IReadOnlyList<TextTable> Power);

/// <param name="Figures">Of the condition as a whole.</param>
internal sealed record ConditionPart(string Label, IReadOnlyList<TestPart> Tests, IReadOnlyList<Block> Figures,
    IReadOnlyList<Block> Theory);

/// <summary>What a report is made of, once for all formats: the text and the page put it in their own order.</summary>
internal sealed record ReportParts(Summary Summary, ResultStore Store, SuiteAnswer Answer, IReadOnlyList<ConditionPart> Conditions,
    IReadOnlyList<Block> AcrossConditions, IReadOnlyList<Block> Tuning)
{
    /// <summary>Reads, draws and writes the figures.</summary>
    /// <param name="held">Notes files of the tuning that cannot be written.</param>
    /// <param name="folder">Gets the figures.</param>
    public static ReportParts Collect(Summary summary, ResultStore store, HeldFiles held, string folder) => new(summary, store,
        Tables.Answer.Build(summary),
        // in parallel, since plots take most of a large report's time
        EveryCore.Select(summary.Suite.Conditions(), condition => Of(summary, condition, folder)),
        [.. AcrossTests.Build(summary) is { } across ? [new TableBlock(across.Table())] : Array.Empty<Block>(),
            .. EveryCore.Select(SuiteFigures.For(summary.Suite), figure => figure.OfSuite(summary, folder).ToList())
            .SelectMany(part => part)],
        [.. TuningSection.Build(summary, new ResultStore(store.Folder), held, folder)]);

    /// <summary>Every picture of the report.</summary>
    public IEnumerable<Figure> Figures => Document.Flat(Conditions
        .SelectMany(condition => condition.Tests.SelectMany(test => test.Figures).Concat(condition.Figures).Concat(condition.Theory))
        .Concat(AcrossConditions).Concat(Tuning)).OfType<Figure>();

    /// <summary>What is wrong with the whole suite, and must be known before any number.</summary>
    public IReadOnlyList<Note> Alarms { get; } = [.. ListAlarms(Summary)];

    private static IEnumerable<Note> ListAlarms(Summary summary)
    {
        if (summary.PairingProblems() is { Count: > 0 } unpaired)
        {
            yield return new Note($"NOT PAIRED: trials of one seed started from different weights, proxies or batches: " +
                $"{string.Join("; ", unpaired)}. Delete them and run the suite again with one version of the program.");
        }

        if (SeenData.Problems(summary.Distinct) is { Count: > 0 } unlike)
            yield return new Note(
                $"NOT THE SAME DATA: {string.Join("; ", unlike)}. Delete the trials that saw other data and run the suite again.");
        if (summary.Distinct.Count(trial => trial.IsDamaged) is > 0 and var damaged)
            yield return new Note(
                $"DAMAGED: the stored files of {damaged} trials were changed or cannot be read; their numbers are missing. The section " +
                $"on unfinished trials names files and cures.");
        if (summary.Distinct.Where(trial => trial.IsEarlier).ToList() is { Count: > 0 } earlier)
            yield return new Note(
                $"EARLIER FORMAT: {earlier.Count} results have no checksum, since an earlier version wrote them: nothing shows whether " +
                $"they were changed afterwards.");
    }

    /// <summary>Returns the power table of every primary column.</summary>
    public static IReadOnlyList<TextTable> HowSure(ResultTable table) =>
        [.. table.Primary.Select(column => PowerTable.Build(table, column)).OfType<TextTable>()];

    private static ConditionPart Of(Summary summary, Condition condition, string folder)
    {
        var figures = SuiteFigures.For(summary.Suite);
        var isSmall = summary.ConditionLabels.Count <= SuiteFigures.ManyConditions;
        return new ConditionPart(summary.ConditionLabels[condition],
            [.. summary.Tables.Where(table => table.Condition == condition).Select(table => new TestPart(table,
                [.. DataNotes.OfTest(summary, table.Test)], [.. figures.SelectMany(figure => figure.OfTable(summary, table, folder))],
                isSmall ? HowSure(table) : []))],
            [.. figures.SelectMany(figure => figure.OfCondition(summary, condition, folder))],
            [.. TheoryReport.Build(summary, condition, folder)]);
    }
}
