using Ablation.Experiments.Processes;
using Ablation.Experiments.Store;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>Builds the table of all trials, which the numbers of a page link to: one row per trial, with its files.</summary>
internal static class TrialTable
{
    public static TextTable Build(Summary summary, ResultStore store)
    {
        var hasRestarts = summary.Distinct.Any(trial => trial.Result?.Provenance.Restarts > 0);
        var hasMemory = summary.Distinct.Any(trial => trial.Result?.Provenance.DevicePeakBytes is not null);
        TextHeader[] restarts = hasRestarts ? [new TextHeader("restarts", IsNumber: true)] : [];
        TextHeader[] memory = hasMemory ? [new TextHeader("device MiB", IsNumber: true)] : [];
        TextHeader[] headers =
        [
            new("loss"), new("condition"), new("seed", IsNumber: true), new("state"), new("final loss", IsNumber: true),
                new("images/s", IsNumber: true),
            new("seconds", IsNumber: true), .. restarts, .. memory, new("commit"), new("ID"), new("files"),
        ];
        return new TextTable("Each trial's folder is trials/ID.", headers,
            EveryCore.Select(summary.Distinct, trial => Row(summary, trial, store, hasRestarts, hasMemory)))
        {
            Losses = [.. summary.Distinct.Select(trial => trial.Plan.Label)],
            Anchors = [.. summary.Distinct.Select(trial => TrialLink.AnchorOf(trial.Id))],
        };
    }

    private static IReadOnlyList<TextCell> Row(Summary summary, StoredTrial trial, ResultStore store, bool hasRestarts, bool hasMemory)
    {
        var origin = trial.Result?.Provenance;
        TextCell[] restarts = hasRestarts ? [Number(origin?.Restarts, 0)] : [];
        TextCell[] memory = hasMemory ? [Number(origin?.DevicePeakBytes / 1048576.0, 0)] : [];
        return
        [
            new(trial.Plan.Label), new(summary.ConditionLabels[trial.Plan.Condition]),
            new(trial.Plan.Spec.Seed.ToString()) { Value = trial.Plan.Spec.Seed }, new(State(trial)),
            Number(trial.Result?.FinalLoss, 4), Number(trial.Result?.ImagesPerSecond, 0), Number(origin?.Seconds, 0),
            .. restarts, .. memory, new(origin?.Commit ?? ValueFormat.Missing), new(trial.Id), new("") { Links = Files(store, trial.Id) },
        ];
    }

    private static TextCell Number(double? value, int decimals) => new(ValueFormat.Number(decimals).Text(value)) { Value = value };

    /// <summary>Returns how a trial ended, in a word or two.</summary>
    internal static string State(StoredTrial trial) => trial switch
    {
        { Result: { } result } => result.Ending(),
        { IsDamaged: true } => "damaged",
        { Failure: not null } => "failed",
        _ => "not run",
    };

    /// <summary>Links the files that a finished or failed trial has, from a page in the store's folder.</summary>
    private static IReadOnlyList<TextLink> Files(ResultStore store, string id)
    {
        var folder = store.TrialFolder(id);
        if (!Directory.Exists(folder)) return [];
        return
        [
            .. Directory.GetFiles(folder).Select(path => Path.GetFileName(path)).Select(name => (Name: name, Label: LabelOf(name)))
                .Where(file => file.Label is not null).OrderBy(file => file.Name, StringComparer.Ordinal)
                .Select(file => new TextLink(file.Label!, $"trials/{id}/{Uri.EscapeDataString(file.Name)}")),
        ];
    }

    private static string? LabelOf(string file) => file switch
    {
        "result.json" => "result",
        "history.csv" => "history",
        "failure.json" => "failure",
        "log.txt" => "log",
        _ when file.StartsWith("scores-", StringComparison.Ordinal) => Path.GetFileNameWithoutExtension(file)["scores-".Length..],
        _ => null,
    };
}
