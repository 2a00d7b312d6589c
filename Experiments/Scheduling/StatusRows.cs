namespace Ablation.Experiments.Scheduling;

/// <summary>What <c>status</c> writes to a file or a pipe: one line per trial, its values separated by tabs.</summary>
public static class StatusRows
{
    private static readonly string[] Head =
        ["trial", "loss", "network", "px", "seed", "state", "step", "steps", "loss_value", "img_s", "left_s", "message"];

    /// <summary>Returns the heading and a line per trial, in the order of the suite; a value that is missing is empty.</summary>
    public static IReadOnlyList<string> Lines(SuiteState state) =>
        [string.Join('\t', Head), .. state.Tuning is { } tuning ? Rows(tuning) : [], .. Rows(state)];

    private static IEnumerable<string> Rows(SuiteState state) => StatusJson.FromState(state).Trials.Select(trial => string.Join('\t',
        ((object?[])[trial.Id, trial.Label, trial.Network, trial.Resolution, trial.Seed, State(trial), trial.Progress?.Step,
            trial.Progress?.Steps, trial.Progress?.Loss, Rounded(trial.Progress?.ImagesPerSecond), Rounded(trial.Left),
            trial.Message?.Split('\n')[0].Replace('\t', ' ').TrimEnd()]).Select(value => $"{value}")));

    private static string State(StatusTrial trial) => trial.Status is { } status
        ? StatusText.Words(status) : StatusText.Words($"{trial.Stage}");

    private static double? Rounded(double? value) => value is { } number ? Math.Round(number) : null;
}
