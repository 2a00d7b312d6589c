using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Terminal;

namespace Ablation.Experiments.Keeping;

/// <summary>Trials as a table that fits the terminal, or as lines of values between tabs.</summary>
public static class TrialRows
{
    private static readonly string[] Head =
        ["suite", "loss", "network", "px", "seed", "state", "test", "metric", "estimator", "value", "seconds", "tags", "id"];

    /// <summary>Returns the table and, below it, what its figure is.</summary>
    public static IReadOnlyList<string> Lines(IReadOnlyList<KeptTrial> trials, TerminalLook look)
    {
        if (!look.IsTerminal) return [string.Join('\t', Head), .. trials.Select(Tabs)];
        if (trials.Count == 0) return ["no trial fits"];
        var columns = new List<FittedColumn>
        {
            Column("suite", trial => trial.Suite.Name, 1) with { IsName = true },
            Column("loss", trial => trial.Loss) with { IsName = true },
            Column("network", trial => trial.Network, 5),
            Column("px", trial => $"{trial.Pixels}", 4) with { IsRight = true },
            Column("seed", trial => $"{trial.Seed}") with { IsRight = true },
            Column("state", trial => trial.State),
            Column("%", trial => trial.Headline is { } figure ? Digits.Percent(figure.Value) : "", 2) with { IsRight = true },
            Column("took", trial => Seconds(trial) is { } seconds ? Digits.Time(seconds) : "", 3) with { IsRight = true },
            Column("tags", trial => string.Join(' ', trial.Tags), 6),
            Column("id", trial => trial.Id),
        };
        if (trials.All(trial => trial.Tags.Count == 0)) columns.RemoveAll(column => column.Head == "tags");
        var figures = trials.Select(trial => trial.Headline).Where(figure => figure is not null)
            .Select(figure => $"{figure!.Name} of {figure.Test}").Distinct().ToList();
        return
        [
            .. FittedTable.Lines(columns, look.Width, look.HasSymbols),
            .. Fit.Wrap($"{trials.Count} {(trials.Count == 1 ? "trial" : "trials")}" + (figures.Count switch
            {
                0 => "",
                1 => $"; %: {figures[0]}",
                _ => "; %: the first figure of each suite's tables",
            }), look.Width, 2),
        ];

        FittedColumn Column(string head, Func<KeptTrial, string> cell, int order = 0) => new(head, [.. trials.Select(cell)], order);
    }

    /// <summary>How long the whole trial took; null if it is not finished.</summary>
    public static double? Seconds(KeptTrial trial) => trial.Result?.Provenance.Seconds ?? trial.Trial.Seconds;

    private static string Tabs(KeptTrial trial)
    {
        var figure = trial.Headline;
        object?[] values =
        [
            trial.Suite.Name, trial.Loss, trial.Network, trial.Pixels, trial.Seed, trial.State, figure?.Test, figure?.Name,
            figure?.Estimator, figure?.Value?.ToString("R"), Seconds(trial), string.Join(' ', trial.Tags), trial.Id,
        ];
        return string.Join('\t', values);
    }
}
