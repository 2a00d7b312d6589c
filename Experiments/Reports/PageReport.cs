using Ablation.Experiments.Reports.Figures;
using Ablation.Experiments.Reports.Panels;
using Ablation.Experiments.Reports.Plots;
using Ablation.Experiments.Reports.Tables;

namespace Ablation.Experiments.Reports;

/// <summary>Puts a report in the order of the page: the answer with its table first, then what it rests on, then everything else.</summary>
internal static class PageReport
{
    private const int ThoseBeforeTerms = 2; // blocks of the theory: its heading, and what was measured; terms explain the rest
    private const int MostSquares = 1000; // trials; beyond it they are a wall

    public static Document Compose(ReportParts parts)
    {
        var summary = parts.Summary;
        var results = new ResultBlocks(Emphasis.Of(summary.Suite));
        return new Document(summary.Suite.Name,
        [
            PageHead.Build(parts), .. parts.Alarms, .. AnswerTables.Blocks(parts, results),
            .. Section("Curves",
                "Zoomed to the rates where the losses part. Subject and baseline are thick, with the band from the lowest to " +
                "the highest seed; the numbers at the ends are the last in view.", Curves(parts)),
            .. Section("Every seed", "One dot per seed, a tick for the mean, dashed for the baseline's mean.", AnswerTables.Seeds(parts)),
            .. Section("Theory", "", Theory(parts)),
            .. Section("Training", "", OfKind(parts, FigureKind.Training)),
            .. Section("Scores",
                "Cosines of genuine (coloured) and impostor pairs (grey), density, mean over seeds. The less they overlap, " +
                "the better.", OfKind(parts, FigureKind.Scores)),
            .. Section("How sure", "Each loss against the baseline in the columns that verdicts rest on.", Power(parts)),
            .. Section("All measures",
                "Mean over seeds and half of its 95 % interval; a range where ± would leave 0 to 100. Exact figures by " +
                "hovering and in summary.csv.", Measures(parts, results)),
            .. Section("More figures", "", [.. OfKind(parts, FigureKind.Other), .. parts.AcrossConditions]),
            .. parts.Tuning,
            .. UnfinishedTrials.Blocks(summary, parts.Store),
            .. Section("Settings", "", SettingsSection.Blocks(summary)),
            .. Section("Trials", "", Trials(parts)),
            .. ProvenanceSection.PageBlocks(summary),
            .. Section("Glossary", "", [new GlossaryList(Term.All)]),
        ])
        { Losses = summary.Rows, Baseline = summary.Suite.BaselineLabel() };
    }

    /// <summary>Returns nothing for a section without content.</summary>
    private static IEnumerable<Block> Section(string title, string lead, IEnumerable<Block> content)
    {
        var blocks = content.ToList();
        if (blocks.Count == 0) yield break;
        yield return new Heading(2, title);
        if (lead.Length > 0) yield return new Paragraph(lead);
        foreach (var block in blocks) yield return block;
    }

    /// <summary>Returns the figures of a kind, condition by condition.</summary>
    private static IEnumerable<Block> OfKind(ReportParts parts, FigureKind kind) => parts.Conditions.SelectMany(condition => condition.Tests
        .SelectMany(test => test.Figures).Concat(condition.Figures).Where(block => block is Figure figure ? figure.Kind == kind
            : kind == FigureKind.Other));

    /// <summary>Returns the curves beside each other, then their differences from the baseline.</summary>
    private static IEnumerable<Block> Curves(ReportParts parts)
    {
        var curves = OfKind(parts, FigureKind.Curves).OfType<Figure>().ToList();
        if (curves.Count == 0) yield break;
        yield return new FigureRow(curves);
        if (parts.Conditions.Count > SuiteFigures.ManyConditions) yield break;
        foreach (var figure in curves.Where(figure => figure.Differences is not null))
        {
            yield return new Heading(3, $"{figure.Place}: TAR less {parts.Summary.Suite.BaselineLabel()}'s, points");
            yield return figure.Differences!;
        }
    }

    /// <summary>Returns the theory as one table and one figure per condition; the other figures are in the files.</summary>
    private static IEnumerable<Block> Theory(ReportParts parts)
    {
        var said = new HashSet<Paragraph>(); // conditions on the same set say the same
        return [.. parts.Conditions.SelectMany(condition => condition.Theory.Where((block, i) => block is Paragraph words
            ? i < ThoseBeforeTerms && said.Add(words) : block is TableBlock or Figure { Panel: not null }))];
    }

    private static IEnumerable<Block> Power(ReportParts parts) => parts.Conditions.SelectMany(condition => condition.Tests
        .SelectMany(test => test.Power).Select(power => new TableBlock(power)))
        .Concat(parts.Summary.Specified.SelectMany(ReportParts.HowSure).Select(power => new TableBlock(power)));

    private static IEnumerable<Block> Measures(ReportParts parts, ResultBlocks results) => parts.Conditions.SelectMany(condition =>
        condition.Tests
        .SelectMany(test => (IEnumerable<Block>)
        [
            new Heading(3, AnswerTables.Place(parts, test.Table)), .. test.Notes,
            .. test.Table.Caption == $"{test.Table.Test}: {condition.Label}." ? [] : new[] { new Paragraph(test.Table.Caption) },
            results.Measures(test.Table.Caption, test.Table),
            .. test.Figures.OfType<Figure>().Where(figure => figure.Kind == FigureKind.InTable)
                .Select(figure => new FigureFiles(figure)),
        ]));

    private static IEnumerable<Block> Trials(ReportParts parts)
    {
        var (summary, store) = (parts.Summary, parts.Store);
        if (summary.Distinct.Count <= MostSquares) yield return TrialSection.Squares(summary);
        yield return new Paragraph(TrialSection.State(summary));
        yield return new TableBlock(TrialTable.Build(summary, store));
        foreach (var note in TrialSection.Notes(summary)) yield return note;
    }
}
