using System.Text;
using Ablation.Experiments.Processes;
using Ablation.Experiments.Reports.Figures;
using Ablation.Experiments.Reports.Page;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness;
using Ablation.Harness.Foundations;
using Ablation.Harness.Protocols;
using Ablation.Harness.Training;

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
    public static string Write(Summary summary, ResultStore store, HeldFiles held)
    {
        var suite = summary.Suite;
        var answer = Answer.Build(summary);
        var document = Compose(summary, store, answer, held);
        foreach (var figure in document.Figures()) held.Note(figure.Unwritten);
        Write("summary.csv", file => file.Write(TableCsv.WriteDefault(summary.Tables)));
        if (summary.Specified.Count > 0) Write("tables.csv", file => file.Write(TableCsv.WriteSpecified(summary.Specified)));
        Write("table.tex", file => file.Write(string.Join("\n", summary.Specified.Concat(summary.Tables).Select(table =>
            LatexTable.Write(table, $"tab:{StoredName.FileName($"{suite.Name} {table.Title} {table.ConditionLabel}")}")))));
        held.Try(() => SuiteOutcome.Summarise(summary, answer).Save(store));
        Write("report.md", file => file.Write(MarkdownWriter.Write(document)));
        Write("report.html", file => HtmlWriter.Write(document, file));
        return Path.Combine(store.Folder, "report.html");

        void Write(string name, Action<TextWriter> write) => held.Try(() => AtomicFile.Write(Path.Combine(store.Folder, name), file =>
        {
            using var text = new StreamWriter(file, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
            write(text);
        }));
    }

    private static Document Compose(Summary summary, ResultStore store, SuiteAnswer answer, HeldFiles held)
    {
        var folder = store.Folder;
        var blocks = new List<Block> { new Paragraph(summary.Suite.Question), new Statement(answer.Text), new Paragraph(State(summary)) };
        if (summary.PairingProblems() is { Count: > 0 } unpaired)
        {
            blocks.Add(new Note($"NOT PAIRED: trials of one seed started from different weights, proxies or batches: " +
                $"{string.Join("; ", unpaired)}. Delete them and run the suite again with one version of the program."));
        }

        if (SeenData.Problems(summary.Trials) is { Count: > 0 } unlike)
            blocks.Add(new Note(
                $"NOT THE SAME DATA: {string.Join("; ", unlike)}. Delete the trials that saw other data and run the suite again."));

        if (summary.Trials.Count(trial => trial.IsDamaged) is > 0 and var damaged)
            blocks.Add(new Note(
                $"DAMAGED: the stored files of {damaged} trials were changed or cannot be read; their numbers are missing. The section " +
                $"on unfinished trials names files and cures."));
        if (summary.Trials.Where(trial => trial.IsEarlier).ToList() is { Count: > 0 } earlier)
            blocks.Add(new Note(
                $"EARLIER FORMAT: {earlier.Count} results have no checksum, since an earlier version wrote them: nothing shows whether " +
                $"they were changed afterwards."));

        blocks.AddRange(Specified(summary));
        blocks.AddRange(EveryCore.Select(summary.Suite.Conditions(), condition => OfCondition(summary, condition, folder).ToList())
            .SelectMany(part => part));
        var acrossConditions = EveryCore.Select(SuiteFigures.For(summary.Suite), figure => figure.OfSuite(summary, folder).ToList())
            .SelectMany(part => part).ToList();
        var acrossTests = AcrossTests.Build(summary);
        if (acrossConditions.Count > 0 || acrossTests is not null) blocks.Add(new Heading(2, "Across conditions"));
        if (acrossTests is not null) blocks.Add(new TableBlock(acrossTests.Table()));
        blocks.AddRange(acrossConditions);
        blocks.AddRange(TuningSection.Build(summary, new ResultStore(folder), held));
        blocks.AddRange(UnfinishedTrials.Blocks(summary, store));
        blocks.AddRange(Trials(summary, store));
        blocks.AddRange(ProvenanceSection.Blocks(summary));
        blocks.AddRange(Reading(summary));
        return new Document(summary.Suite.Name, blocks) { Losses = summary.Rows };
    }

    /// <summary>Returns the tables that the suite requests.</summary>
    private static IEnumerable<Block> Specified(Summary summary)
    {
        foreach (var table in summary.Specified)
        {
            yield return new Heading(2, table.Title + (table.Condition is null ? "" : $", {table.ConditionLabel}"));
            foreach (var problem in table.Problems) yield return new Note(problem);
            yield return new TableBlock(TextTable.Build(table));
            foreach (var block in HowSure(table)) yield return block;
        }
    }

    /// <summary>Returns the power table of every primary column.</summary>
    private static IEnumerable<Block> HowSure(ResultTable table) => table.Primary.Select(column => PowerTable.Build(table, column))
        .OfType<TextTable>().Select(power => new Details("How sure: intervals, p, seeds needed", [new TableBlock(power)]));

    /// <summary>Returns tables and figures of one condition. Conditions are drawn in parallel, since plots take most of a large report's
    /// time.</summary>
    private static IEnumerable<Block> OfCondition(Summary summary, Condition condition, string folder)
    {
        var figures = SuiteFigures.For(summary.Suite);
        yield return new Heading(2, summary.ConditionLabels[condition]);
        foreach (var table in summary.Tables.Where(table => table.Condition == condition))
        {
            yield return new Heading(3, table.Test);
            foreach (var note in DataNotes.OfTest(summary, table.Test)) yield return note;
            yield return new TableBlock(TextTable.Build(table));
            foreach (var block in figures.SelectMany(figure => figure.OfTable(summary, table, folder))) yield return block;
            if (summary.ConditionLabels.Count > SuiteFigures.ManyConditions) continue;
            foreach (var block in HowSure(table)) yield return block;
        }

        foreach (var block in figures.SelectMany(figure => figure.OfCondition(summary, condition, folder))) yield return block;
        foreach (var block in TheoryReport.Build(summary, condition, folder)) yield return block;
    }

    /// <summary>Counts the trials by state.</summary>
    private static string State(Summary summary)
    {
        var trials = summary.Trials.DistinctBy(trial => trial.Id).ToList(); // a tuned row may be the same trial as its default
        var done = trials.Count(trial => trial.Result?.Status == TrialStatus.Done);
        var diverged = trials.Count(trial => trial.Result?.Status == TrialStatus.Diverged);
        var atChance = trials.Count(trial => trial.Result?.Status == TrialStatus.AtChance);
        var failed = trials.Count(trial => trial.Failure is not null);
        var damaged = trials.Count(trial => trial.IsDamaged);
        var missing = trials.Count - done - diverged - atChance - failed - damaged;
        var leftOut = summary.LeftOut.Count > 0 ? $" ({summary.LeftOut.Count} of them: no time)" : "";
        var paired = trials.Where(trial => trial.Result is not null)
            .GroupBy(trial => (trial.Plan.Condition, trial.Plan.Spec.Seed)).Count(group => group.Count() > 1);
        var text = $"{trials.Count} trials: {done} done, {diverged} diverged, " +
            $"{(atChance > 0 ? $"{atChance} at chance, " : "")}{failed} failed, " +
            $"{(damaged > 0 ? $"{damaged} damaged, " : "")}{missing} not run{leftOut}. ";
        return text + (summary.PairingProblems().Count > 0
            ? "" : $"Paired seeds: in all {paired} groups of one condition and seed the trials started from the same weights, the same " +
                $"proxies and the same first batch (hashes compared).");
    }

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

    /// <summary>Lists the trials behind the numbers (id, state, speed, files), then the common settings.</summary>
    private static IEnumerable<Block> Trials(Summary summary, ResultStore store)
    {
        yield return new Heading(2, "Trials");
        yield return new TableBlock(TrialTable.Build(summary, store));
        foreach (var trial in summary.Trials.Where(trial => trial.Result?.Stopped is not null))
            yield return new Note(
                $"{trial.Plan.Label}, seed {trial.Plan.Spec.Seed}: {trial.Result!.Ending()}: {trial.Result.Stopped!.Rule}; the loss was " +
                $"{trial.Result.Stopped.Value:g4}");

        foreach (var trial in summary.Trials.Where(trial => trial.Result?.Split > 1))
            yield return new Note(
                $"{trial.Plan.Label}, seed {trial.Plan.Spec.Seed}: trained in {trial.Result!.Split} pieces after out of memory: batch " +
                $"statistics over a piece");

        foreach (var trial in summary.Trials.Where(trial => trial.Result?.Provenance.BegunAnew is not null))
            yield return new Note($"{trial.Plan.Label}, seed {trial.Plan.Spec.Seed}: started over, {trial.Result!.Provenance.BegunAnew}");

        foreach (var trial in summary.Trials.Where(trial => trial.Result?.BadImages > 0))
        {
            yield return new Note($"{trial.Plan.Label}, seed {trial.Plan.Spec.Seed}: {trial.Result!.BadImages} of " +
                $"{trial.Result.Provenance.TrainingImages} training images could not be read and were left out");
        }

        foreach (var note in DataNotes.Blocks(summary)) yield return note;

        foreach (var trial in summary.Trials.Where(trial => trial.Result?.WaitedShare >= TrialResult.NotableWait))
            yield return new Note(
                $"{trial.Plan.Label}, seed {trial.Plan.Spec.Seed}: the loop waited for images {100 * trial.Result!.WaitedShare:F0} % of " +
                $"the training");

        yield return new Heading(2, "Settings");
        yield return new TableBlock(TextTable.Plain("", ["what", "setting"], Settings(summary)));
    }

    private static IEnumerable<IReadOnlyList<string>> Settings(Summary summary)
    {
        foreach (var data in summary.Suite.Data) yield return ["training data", Labels.Full(data)];
        foreach (var test in summary.Suite.Tests) yield return ["test", Labels.Full(test)];
        foreach (var loss in summary.Suite.Losses) yield return ["loss", Labels.Full(loss)];
        foreach (var backbone in summary.Suite.Networks()) yield return ["backbone", Labels.Full(backbone)];
        foreach (var training in summary.Suite.WaysToTrain())
            yield return ["training", SpecJson.Write(training).Replace("\n", " ", StringComparison.Ordinal)
                .Replace("  ", " ", StringComparison.Ordinal)];
    }
}
