using Ablation.Experiments.Store;
using Ablation.Harness.Training;
using Ablation.Harness.Training.Checkpoints;

namespace Ablation.Experiments.Scheduling;

/// <summary>Writes the loss of each log point to the trial's curve.csv, in addition to another watch. Reports a write error once and
/// continues.</summary>
public sealed class CurveWatch(string path, ITrialWatch inner) : ITrialWatch, IDisposable
{
    private StreamWriter? curve;

    public void Report(string line) => inner.Report(line);

    public void Start(long step, long steps, double epoch)
    {
        inner.Start(step, steps, epoch);
        Try(() =>
        {
            curve?.Dispose();
            curve = LiveCurve.Begin(path, step);
        });
    }

    public void Step(long step) => inner.Step(step);

    public void LogPoint(HistoryPoint point, long steps)
    {
        inner.LogPoint(point, steps);
        if (curve is { } open) Try(() => LiveCurve.Add(open, new CurvePoint(point.Step, point.Loss)));
    }

    public void Saved(long step) => inner.Saved(step);

    public void Test(string name) => inner.Test(name);

    public void Dispose() => Try(() => curve?.Dispose());

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            inner.Report($"ablation serve will not draw this trial's curve: {e.Message}");
            curve = null;
        }
    }
}
