using Ablation.Experiments.Scheduling;

namespace Ablation.Experiments.Serving;

/// <summary>What a reader wants to see of a suite: the values of the page's form, which stand in its address.</summary>
/// <param name="State">A stage in lower case, or empty for all.</param>
/// <param name="Loss">A label, or empty for all.</param>
/// <param name="Text">A part of the condition, the id or the label.</param>
/// <param name="Page">From 0.</param>
public sealed record LiveQuery(string State = "", string Loss = "", string Text = "", int Page = 0)
{
    /// <summary>Rows on a page: more are no longer read, and a browser keeps up with these.</summary>
    public const int PageSize = 100;

    private static readonly TrialStage[] Order =
    [
        TrialStage.Running, TrialStage.Failed, TrialStage.Damaged, TrialStage.Interrupted, TrialStage.Finished, TrialStage.Skipped,
        TrialStage.Waiting,
    ];

    /// <summary>Returns the trials that are asked for, in the order of the page: what runs, what went wrong, the newest results, the
    /// rest.</summary>
    /// <param name="ended">When a finished trial ended.</param>
    /// <param name="condition">The name of a trial's condition.</param>
    public IReadOnlyList<TrialState> Choose(IEnumerable<TrialState> trials, Func<TrialState, DateTime> ended,
        Func<TrialState, string> condition) =>
    [
        .. trials.Where(trial => Holds(trial, condition)).OrderBy(trial => Array.IndexOf(Order, trial.Stage))
            .ThenByDescending(trial => trial.Stage == TrialStage.Finished ? ended(trial) : default),
    ];

    private bool Holds(TrialState trial, Func<TrialState, string> condition) =>
        (State.Length == 0 || State == Name(trial.Stage)) && (Loss.Length == 0 || Loss == trial.Plan.Label)
        && (Text.Length == 0 || new[] { trial.Id, trial.Plan.Label, $"seed {trial.Plan.Spec.Seed}", condition(trial) }
            .Any(text => text.Contains(Text, StringComparison.OrdinalIgnoreCase)));

    /// <summary>Returns the name of a stage in an address: "running".</summary>
    public static string Name(TrialStage stage) => stage.ToString().ToLowerInvariant();

    /// <summary>Returns the address of another page of the same choice: "?state=failed&amp;page=2".</summary>
    public string At(int page)
    {
        string[] parts =
        [
            .. new[] { ("state", State), ("loss", Loss), ("text", Text), ("page", page > 0 ? $"{page}" : "") }
                .Where(part => part.Item2.Length > 0).Select(part => $"{part.Item1}={Uri.EscapeDataString(part.Item2)}"),
        ];
        return "?" + string.Join('&', parts);
    }
}
