using System.Text.Json.Serialization;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Scheduling;

/// <summary>What <c>status --json</c> prints.</summary>
/// <param name="Question">Null if the suite file is unknown.</param>
/// <param name="Counts">Trials per stage, including zeros.</param>
/// <param name="End">When the last trial ends; null if unknown.</param>
public sealed record StatusJson(string Suite, string? Question, string Folder, DateTimeOffset Now, IReadOnlyDictionary<string, int> Counts,
    DateTimeOffset? End, bool HasEnded,
    IReadOnlyList<PoolRecord> Pools, IReadOnlyList<PoolRecord> GonePools, IReadOnlyList<StatusTrial> Trials)
{
    /// <summary>The search that the suite begins with; null if it has none or the search is complete.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StatusJson? Tuning { get; init; }

    public static StatusJson FromState(SuiteState state)
    {
        var lengths = TrialLengths.Estimate(state);
        return new StatusJson(state.Name, state.Question, state.Folder, state.Now, Enum.GetValues<TrialStage>()
            .ToDictionary(stage => SpecJson.Write(stage).Trim('"'), state.Count), lengths.End(), state.HasEnded,
            state.Pools, state.GonePools,
                [.. state.Trials.Select(trial =>
                    new StatusTrial(trial.Id, trial.Plan.Label, Labels.Full(trial.Plan.Condition.Backbone), trial.Plan.Spec.Resolution,
                        trial.Plan.Spec.Seed, trial.Stage,
                trial.Status, trial.Seconds, trial.Attempts, trial.Reason, trial.Message.Length > 0
                    ? trial.Message : null, trial.Checkpoint, trial.Progress,
                trial.Stage == TrialStage.Running ? lengths.Rest(trial) : null))])
        {
            Tuning = state.Tuning is { } tuning ? FromState(tuning) : null,
        };
    }
}

/// <summary>One trial of <see cref="StatusJson"/>.</summary>
/// <param name="Left">Seconds until it ends; null if it does not run or the time is unknown.</param>
public sealed record StatusTrial(string Id, string Label, string Network, int Resolution, int Seed, TrialStage Stage, string? Status,
    double? Seconds, int Attempts,
    EndReason? Reason, string? Message, long? Checkpoint, TrialProgress? Progress, double? Left);
