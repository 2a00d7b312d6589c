using Ablation.Experiments.Reports.Tables;

namespace Ablation.Experiments.Reports;

/// <summary>Puts a report in the order of report.md: condition by condition, test by test.</summary>
internal static class TextReport
{
    public static Document Compose(ReportParts parts)
    {
        var summary = parts.Summary;
        return new Document(summary.Suite.Name,
        [
            new Paragraph(summary.Suite.Question), new Statement(parts.Answer.Text), new Paragraph(TrialSection.State(summary)),
                .. parts.Alarms,
            .. Specified(summary),
            .. parts.Conditions.SelectMany(Condition),
            .. parts.AcrossConditions.Count > 0 ? parts.AcrossConditions.Prepend(new Heading(2, "Across conditions")) : [],
            .. parts.Tuning,
            .. UnfinishedTrials.Blocks(summary, parts.Store),
            new Heading(2, "Trials"), new TableBlock(TrialTable.Build(summary, parts.Store)), .. TrialSection.Notes(summary),
            new Heading(2, "Settings"), new TableBlock(TextTable.Plain("", ["what", "setting"], SettingsSection.Lines(summary))),
            .. ProvenanceSection.Blocks(summary),
            .. Reading(summary),
        ])
        { Losses = summary.Rows };
    }

    /// <summary>Returns the tables that the suite requests.</summary>
    private static IEnumerable<Block> Specified(Summary summary) => summary.Specified.SelectMany(table => (IEnumerable<Block>)
    [
        new Heading(2, table.Title + (table.Condition is null ? "" : $", {table.ConditionLabel}")),
        .. table.Problems.Select(problem => new Note(problem)),
        new TableBlock(TextTable.Build(table)), .. Details(ReportParts.HowSure(table)),
    ]);

    private static IEnumerable<Block> Details(IReadOnlyList<TextTable> power) =>
        power.Select(table => new Details("How sure: intervals, p, seeds needed", [new TableBlock(table)]));

    private static IEnumerable<Block> Condition(ConditionPart condition) =>
    [
        new Heading(2, condition.Label), .. condition.Tests.SelectMany(Test), .. condition.Figures, .. condition.Theory,
    ];

    private static IEnumerable<Block> Test(TestPart test) =>
    [
        new Heading(3, test.Table.Test), .. test.Notes, new TableBlock(TextTable.Build(test.Table)), .. test.Figures,
        .. Details(test.Power),
    ];

    private static IEnumerable<Block> Reading(Summary summary)
    {
        yield return new Heading(2, "How to read this");
        yield return new Paragraph(
            "Figures are means over seeds ± half of the 95 % t interval; sd is the sample deviation, n the number of " +
            $"seeds. The last line of a cell has the mean paired difference from {summary.Suite.BaselineLabel()}. In a primary column " +
            "its interval holds for all losses together (moderated paired t, Dunnett) and gives the verdict; in other columns it is " +
            "that of one difference, and nothing is decided. Bold: no other loss is better (multiple comparisons with the best, level " +
            "0.05, three seeds or more). docs/statistics.md has the procedure and what simulations of it show.");
        yield return new Paragraph(
            "Embeddings: image plus mirrored image, sum of raw features, normalised. The trials behind a number are those of its row " +
            "and condition.");
        yield return new TableBlock(Glossary.Explain(summary.Tables.Concat(summary.Specified).SelectMany(table => table.Columns)));
    }
}
