using System.Globalization;
using Ablation.Experiments.Store;
using Ablation.Harness;

namespace Ablation.Experiments.Reports;

/// <summary>Writes the report of a suite from its store: report.md, report.html, summary.csv, table.tex and the plots.</summary>
public static class SuiteReport
{
    /// <summary>Writes everything; the same store gives the same bytes. Returns the path of the page.</summary>
    public static string Write(Suite suite, ResultStore store)
    {
        var summary = Summary.Read(suite, store);
        var document = Compose(summary, store.Folder);
        AtomicFile.Write(Path.Combine(store.Folder, "summary.csv"), SummaryCsv.Write(summary.Tables));
        AtomicFile.Write(Path.Combine(store.Folder, "table.tex"), string.Join("\n", summary.Tables.Select(table =>
            LatexTable.Write(table.Table, $"tab:{ResultStore.FileName($"{suite.Name} {table.Test} {table.ConditionLabel}")}"))));
        AtomicFile.Write(Path.Combine(store.Folder, "report.md"), MarkdownWriter.Write(document));
        var page = Path.Combine(store.Folder, "report.html");
        AtomicFile.Write(page, HtmlWriter.Write(document));
        return page;
    }

    private static Document Compose(Summary summary, string folder)
    {
        var blocks = new List<Block> { new Paragraph(summary.Suite.Question), new Paragraph(State(summary)) };
        if (summary.PairingProblems() is { Count: > 0 } unpaired)
        {
            blocks.Add(new Note($"NOT PAIRED: trials of one seed started from different weights, proxies or batches: " +
                $"{string.Join("; ", unpaired)}. Delete them and run the suite again with one version of the program."));
        }

        if (SeenData.Problems(summary.Trials) is { Count: > 0 } unlike)
            blocks.Add(new Note($"NOT THE SAME DATA: {string.Join("; ", unlike)}. Delete the trials that saw other data and run the suite again."));

        blocks.AddRange(EveryCore.Select(summary.Suite.Conditions(), condition => OfCondition(summary, condition, folder).ToList()).SelectMany(part => part));
        var byResolution = SuiteFigures.ByResolution(summary, folder).ToList();
        if (byResolution.Count > 0) blocks.Add(new Heading(2, "Resolution"));
        blocks.AddRange(byResolution);
        blocks.AddRange(TuningSection.Of(summary, new ResultStore(folder)));
        blocks.AddRange(Reading(summary));
        blocks.AddRange(Trials(summary));
        return new Document(summary.Suite.Name, blocks);
    }

    /// <summary>Its tables and figures. Conditions are drawn at once: most of a large report's time is plots.</summary>
    private static IEnumerable<Block> OfCondition(Summary summary, Condition condition, string folder)
    {
        yield return new Heading(2, summary.ConditionLabels[condition]);
        foreach (var table in summary.Tables.Where(table => table.Condition == condition))
        {
            yield return new Heading(3, table.Test);
            yield return new TableBlock(TextTable.Of(table.Table));
            foreach (var figure in SuiteFigures.OfTable(summary, table, folder)) yield return figure;
        }

        if (SuiteFigures.Training(summary, condition, folder) is { } training) yield return training;
    }

    /// <summary>How much of the suite is there.</summary>
    private static string State(Summary summary)
    {
        var trials = summary.Trials.DistinctBy(trial => trial.Id).ToList(); // a tuned row may be its default
        var done = trials.Count(trial => trial.Result?.Status == TrialStatus.Done);
        var diverged = trials.Count(trial => trial.Result?.Status == TrialStatus.Diverged);
        var atChance = trials.Count(trial => trial.Result?.Status == TrialStatus.AtChance);
        var failed = trials.Count(trial => trial.Failure is not null);
        var missing = trials.Count - done - diverged - atChance - failed;
        var leftOut = summary.LeftOut.Count > 0 ? FormattableString.Invariant($" ({summary.LeftOut.Count} of them: no time)") : "";
        var paired = trials.Where(trial => trial.Result is not null)
            .GroupBy(trial => (trial.Plan.Condition, trial.Plan.Spec.Seed)).Count(group => group.Count() > 1);
        var text = FormattableString.Invariant($"{trials.Count} trials: {done} done, {diverged} diverged, {(atChance > 0 ? FormattableString.Invariant($"{atChance} at chance, ") : "")}{failed} failed, {missing} not run{leftOut}. ");
        return text + (summary.PairingProblems().Count > 0 ? "" : FormattableString.Invariant(
            $"Paired seeds: in all {paired} groups of one condition and seed the trials started from the same weights, the same proxies and the same first batch (hashes compared)."));
    }

    private static IEnumerable<Block> Reading(Summary summary)
    {
        yield return new Heading(2, "How to read this");
        yield return new Paragraph("Figures are means over seeds ± half of the 95 % t interval; sd is the sample deviation, n the number of " +
            $"seeds. The last line of a cell has the mean paired difference from {summary.Suite.BaselineLabel()} and what a paired t test " +
            "says of it after Holm's correction over the table (level 0.05). Best bold, second underlined.");
        yield return new Paragraph("accuracy (10-fold, grid): thresholds 0, 0.01 .. 3.99 on squared distance, per fold the first threshold " +
            "that is best on the other nine. (10-fold, exact): every distinct score is a candidate. TAR@FAR (conservative): the highest TAR " +
            "whose FAR is not above the target; n/a below one impostor pair in all. Embeddings: image plus mirrored image, sum of raw " +
            "features, normalised.");
    }

    /// <summary>Every number's runs: id, state, speed, machine.</summary>
    private static IEnumerable<Block> Trials(Summary summary)
    {
        var restarted = summary.Trials.Any(trial => trial.Result?.Provenance.Restarts > 0);
        string[] restarts = restarted ? ["restarts"] : [];
        yield return new Heading(2, "Trials");
        yield return new TableBlock(TextTable.Plain("Each trial's folder is trials/ID.",
            ["loss", "condition", "seed", "state", "final loss", "images/s", "seconds", .. restarts, "commit", "ID"],
            summary.Trials.Select(trial => (IReadOnlyList<string>)
            [
                trial.Plan.Label, summary.ConditionLabels[trial.Plan.Condition], trial.Plan.Spec.Seed.ToString(CultureInfo.InvariantCulture), State(trial),
                ValueFormat.Number(4).Text(trial.Result?.FinalLoss), ValueFormat.Number(0).Text(trial.Result?.ImagesPerSecond),
                ValueFormat.Number(0).Text(trial.Result?.Provenance.Seconds), .. restarts.Select(_ => ValueFormat.Number(0).Text(trial.Result?.Provenance.Restarts)),
                trial.Result?.Provenance.Commit ?? ValueFormat.Missing, trial.Id,
            ])));
        foreach (var trial in summary.Trials.Where(trial => trial.Failure is not null))
            yield return new Note(FormattableString.Invariant($"{trial.Plan.Label}, seed {trial.Plan.Spec.Seed} failed: {trial.Failure!.Error}"));

        foreach (var trial in summary.Trials.Where(trial => trial.Result?.Stopped is not null))
            yield return new Note(FormattableString.Invariant($"{trial.Plan.Label}, seed {trial.Plan.Spec.Seed}: {trial.Result!.Ending()}: {trial.Result.Stopped!.Rule}; the loss was {trial.Result.Stopped.Value:g4}"));

        foreach (var trial in summary.Trials.Where(trial => trial.Result?.Split > 1))
            yield return new Note(FormattableString.Invariant($"{trial.Plan.Label}, seed {trial.Plan.Spec.Seed}: trained in {trial.Result!.Split} pieces after out of memory: batch statistics over a piece"));

        foreach (var trial in summary.Trials.Where(trial => trial.Result?.BadImages > 0))
        {
            yield return new Note(FormattableString.Invariant($"{trial.Plan.Label}, seed {trial.Plan.Spec.Seed}: {trial.Result!.BadImages} of ") +
                FormattableString.Invariant($"{trial.Result.Provenance.TrainingImages} training images could not be read and were left out"));
        }

        foreach (var trial in summary.Trials.Where(trial => trial.Result?.WaitedShare >= TrialResult.NotableWait))
            yield return new Note(FormattableString.Invariant($"{trial.Plan.Label}, seed {trial.Plan.Spec.Seed}: the loop waited for images {100 * trial.Result!.WaitedShare:F0} % of the training"));

        yield return new Heading(2, "Settings");
        yield return new TableBlock(TextTable.Plain("", ["what", "setting"], Settings(summary)));
    }

    private static IEnumerable<IReadOnlyList<string>> Settings(Summary summary)
    {
        yield return ["training data", Labels.Full(summary.Suite.Data)];
        foreach (var test in summary.Suite.Tests) yield return ["test", Labels.Full(test)];
        foreach (var loss in summary.Suite.Losses) yield return ["loss", Labels.Full(loss)];
        foreach (var backbone in summary.Suite.Backbones) yield return ["backbone", Labels.Full(backbone)];
        foreach (var training in summary.Suite.Trainings) yield return ["training", SpecJson.Write(training).Replace("\n", " ", StringComparison.Ordinal).Replace("  ", " ", StringComparison.Ordinal)];
        foreach (var machine in summary.Trials.Select(trial => trial.Result?.Provenance).OfType<Provenance>()
                     .Select(MachineLine).Distinct().Order(StringComparer.Ordinal))
            yield return ["machine", machine];
        foreach (var (what, print) in SeenData.Lines(summary.Trials)) yield return [what, print];
    }

    private static string MachineLine(Provenance p)
    {
        var gpu = p.Gpu is { } card ? $"; {card.Name}, driver {card.Driver}" : "";
        var native = p.Native?.ToString() is { Length: > 0 } told ? $", {told}" : "";
        return FormattableString.Invariant($"{p.Machine}{gpu}; {p.Device}, {p.Threads} threads; {p.OperatingSystem}; {p.Runtime}; TorchSharp {p.TorchSharp}{native}");
    }

    private static string State(StoredTrial trial) => trial switch
    {
        { Result: { } result } => result.Ending(),
        { Failure: not null } => "failed",
        _ => "not run",
    };
}
