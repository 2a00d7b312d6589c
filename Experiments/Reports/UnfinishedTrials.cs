using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Store;

namespace Ablation.Experiments.Reports;

/// <summary>Lists trials with damaged files and their cures, failed trials with the ends of their logs, and trials that were not
/// run.</summary>
internal static class UnfinishedTrials
{
    private const int LogLines = 30;
    private const int ShownLogs = 40; // if everything failed, the first are enough

    /// <summary>Returns the section; empty if every trial is finished.</summary>
    public static IEnumerable<Block> Blocks(Summary summary, ResultStore store)
    {
        var failed = summary.Distinct.Where(trial => trial.Failure is not null).ToList();
        var damaged = summary.Distinct.Where(trial => trial.Damage.Count > 0).ToList();
        var missing = summary.Distinct.Where(trial => trial is { Result: null, Failure: null, IsDamaged: false }).ToList();
        if (failed.Count + missing.Count + damaged.Count == 0) yield break;
        yield return new Heading(2, damaged.Count > 0 ? "Damaged, failed and missing trials" : "Failed and missing trials");
        foreach (var trial in damaged)
            foreach (var what in trial.Damage)
                yield return new Note($"DAMAGED: {trial.Plan.Label}, seed {trial.Plan.Spec.Seed}: {Below(store, what)}");
        foreach (var trial in failed)
            yield return new Note($"{trial.Plan.Label}, seed {trial.Plan.Spec.Seed} failed: {trial.Failure!.Error}");
        foreach (var trial in failed.Take(ShownLogs)) yield return Log(summary, trial, store);
        if (failed.Count > ShownLogs)
            yield return new Paragraph($"The logs of the other {failed.Count - ShownLogs} are in their folders: trials/ID/log.txt.");
        if (missing.Count > 0) yield return Missing(summary, missing);
        foreach (var trial in missing.Where(trial => File.Exists(store.Files(trial.Id).Log)).Take(ShownLogs))
            yield return Log(summary, trial, store);
    }

    /// <summary>Returns a path relative to the suite's folder, so that the page does not depend on the store's location.</summary>
    internal static string Below(ResultStore store, string text) =>
        text.Replace(store.Folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);

    private static Details Log(Summary summary, StoredTrial trial, ResultStore store)
    {
        var lines = LogTail.Read(store.Files(trial.Id).Log, LogLines);
        var title = $"{trial.Plan.Label}, {summary.ConditionLabels[trial.Plan.Condition]}, seed {trial.Plan.Spec.Seed} ({trial.Id}): ";
        var blocks = new List<Block>();
        if (trial.Failure is { Detail.Length: > 0 } failure) blocks.Add(new Code(failure.Detail));
        // if the process could not report its error, the detail is the end of its log
        if (lines.Count > 0 && string.Join('\n', lines) is var text
            && trial.Failure?.Detail.EndsWith(text, StringComparison.Ordinal) != true) blocks.Add(new Code(text));
        if (blocks.Count == 0) blocks.Add(new Paragraph("It left no log."));
        return new Details(title + (trial.Failure is null ? "not finished, end of its log" : "error and end of its log"), blocks);
    }

    /// <summary>Returns one line per loss and condition, since a whole suite may be missing.</summary>
    private static Details Missing(Summary summary, List<StoredTrial> missing)
    {
        var leftOut = summary.LeftOut.Select(trial => trial.Id).ToHashSet();
        var rows = missing.GroupBy(trial => (trial.Plan.Condition, trial.Plan.Label)).Select(group => (IReadOnlyList<string>)
        [
            group.Key.Label, summary.ConditionLabels[group.Key.Condition],
                string.Join(", ", group.Select(trial => trial.Plan.Spec.Seed.ToString())),
            group.All(trial => leftOut.Contains(trial.Id))
                ? "no time" : group.Any(trial => leftOut.Contains(trial.Id)) ? "some: no time" : "not run",
        ]);
        return new Details($"Not run: {missing.Count}", [new TableBlock(TextTable.Plain("", ["loss", "condition", "seeds", "why"], rows))]);
    }
}
