using Ablation.Experiments;
using Ablation.Experiments.Scheduling;
using Ablation.Harness;
using Ablation.Harness.Training;

namespace Ablation.Tests.Scheduling;

/// <summary>Keeps what a run shows, a line an event; may do something at each look at the loss.</summary>
internal sealed class RecordingView(Action<PlannedTrial>? onProgress = null) : IRunView
{
    private PlannedTrial? running;

    public List<string> Lines { get; } = [];

    public void Say(string line) => Lines.Add(line);

    public void Start(int number, int count, PlannedTrial trial, string id) => Lines.Add($"start {number}/{count} {(running = trial).Label}");

    public void Progress(HistoryPoint point, long steps) => onProgress?.Invoke(running!);

    public void End(TrialResult result) => Lines.Add($"end {result.Label} {result.Status}");

    public void Fail(PlannedTrial trial, Exception error) => Lines.Add($"fail {trial.Label} {error.Message}");
}
