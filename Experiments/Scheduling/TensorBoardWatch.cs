using Ablation.Experiments.Store;
using Ablation.Harness;
using Ablation.Harness.Training;
using Ablation.Harness.Training.Checkpoints;

namespace Ablation.Experiments.Scheduling;

/// <summary>Writes event files for TensorBoard in addition to another watch. Reports a write error once and continues.</summary>
/// <param name="trialFolder"><see cref="ResultStore.TrialFolder"/>.</param>
public sealed class TensorBoardWatch(string trialFolder, ITrialWatch inner) : ITrialWatch, IDisposable
{
    private TensorBoardFile? file;
    private bool hasFailed;

    public void Report(string line) => inner.Report(line);

    public void Start(long step, long steps, double epoch)
    {
        inner.Start(step, steps, epoch);
        Try(() => file = TensorBoardFile.Begin(TensorBoardFile.FolderOf(trialFolder), step, DateTimeOffset.UtcNow));
    }

    public void Step(long step) => inner.Step(step);

    public void LogPoint(HistoryPoint point, long steps)
    {
        inner.LogPoint(point, steps);
        Try(() => file?.AddPoint(point, DateTimeOffset.UtcNow));
    }

    public void Saved(long step) => inner.Saved(step);

    public void Test(string name) => inner.Test(name);

    /// <summary>Writes the figures of a finished trial.</summary>
    public void End(TrialResult result) => Try(() => file?.AddMetrics(result.Metrics, result.Steps, DateTimeOffset.UtcNow));

    public void Dispose() => Try(() => file?.Dispose());

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!hasFailed) inner.Report($"TensorBoard files could not be written: {e.Message}");
            (hasFailed, file) = (true, null);
        }
    }
}
