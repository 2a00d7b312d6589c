namespace Ablation.Experiments.Keeping;

/// <summary>A trial as <c>trials --json</c> prints it; docs/notebooks.md explains every key.</summary>
/// <param name="Seconds">How long the whole trial took; null if it is not finished.</param>
/// <param name="Commit">Of the program that made the result; null without one.</param>
/// <param name="Settings">By their dotted paths in a suite, as text.</param>
public sealed record TrialJson(string Suite, string Id, string Loss, string Network, int Px, int Seed, string State, double? Seconds,
    string? Commit, IReadOnlyList<string> Tags, IReadOnlyDictionary<string, string> Settings, IReadOnlyList<FigureJson> Figures)
{
    /// <param name="note">Is given what could not be read.</param>
    public static TrialJson Of(KeptTrial trial, Action<string> note) => new(trial.Suite.Name, trial.Id, trial.Loss, trial.Network,
        trial.Pixels, trial.Seed, trial.State, TrialRows.Seconds(trial), trial.Result?.Provenance.Commit, trial.Tags, trial.Settings,
        [.. trial.Figures(note).Select(figure => new FigureJson(figure.Test, figure.Name, figure.Estimator, figure.Value, figure.N,
            figure.HigherIsBetter))]);
}

/// <summary>One figure of a trial.</summary>
/// <param name="Value">A share, 0 to 1; null if the data cannot support it.</param>
/// <param name="N">Pairs or probes that it was computed from.</param>
public sealed record FigureJson(string Test, string Metric, string Estimator, double? Value, int N, bool HigherIsBetter);
