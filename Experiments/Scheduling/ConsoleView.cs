using System.Diagnostics;
using System.Globalization;
using Ablation.Harness;
using Ablation.Harness.Training;

namespace Ablation.Experiments.Scheduling;

/// <summary>
/// A run on a console: one line that is rewritten in a terminal; in a file or a pipe a plain line every ten seconds.
/// </summary>
public sealed class ConsoleView(TextWriter output, bool isTerminal) : IRunView
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(10);
    private readonly Stopwatch trialClock = new();
    private TimeSpan lastLine;
    private int lineLength;

    public void Say(string line)
    {
        if (isTerminal && lineLength > 0) output.Write("\r" + new string(' ', lineLength) + "\r");
        lineLength = 0;
        output.WriteLine(line);
    }

    public void Start(int number, int count, PlannedTrial trial, string id)
    {
        trialClock.Restart();
        lastLine = TimeSpan.Zero;
        Say(Invariant($"[{number}/{count}] {trial.Label}, {Labels.Full(trial.Condition.Backbone)}, {trial.Spec.Resolution} px, seed {trial.Spec.Seed}  ({id})"));
    }

    public void Progress(HistoryPoint point, long steps)
    {
        var elapsed = trialClock.Elapsed;
        if (!isTerminal && elapsed - lastLine < Pace) return;
        lastLine = elapsed;
        var left = TimeSpan.FromSeconds(elapsed.TotalSeconds / point.Step * (steps - point.Step));
        var line = Invariant($"    epoch {point.Epoch:F1}  step {point.Step}/{steps}  {point.ImagesPerSecond:F0} images/s  loss {point.Loss:F4}  left {left:mm\\:ss}");
        if (left.TotalHours >= 1) line = line.Replace(left.ToString("mm\\:ss", CultureInfo.InvariantCulture), left.ToString("d\\.hh\\:mm\\:ss", CultureInfo.InvariantCulture), StringComparison.Ordinal);
        if (!isTerminal)
        {
            output.WriteLine(line);
            return;
        }

        output.Write("\r" + line.PadRight(lineLength));
        lineLength = line.Length;
    }

    public void End(TrialResult result)
    {
        var figures = result.Status != TrialStatus.Done
            ? Invariant($"{result.Ending()}: {result.Stopped?.Rule ?? Invariant($"the loss became {result.Divergence?.Loss}")}")
            : string.Join("  ", result.Metrics.Where(metric => metric.Name == "accuracy" && metric.Estimator.Contains("grid", StringComparison.Ordinal))
                .Select(metric => Invariant($"{metric.Test} {metric.Name} {100 * metric.Value:F2} % ({metric.Estimator})")));
        var bad = result.BadImages > 0 ? Invariant($"  {result.BadImages} unreadable images left out") : "";
        var waited = result.WaitedShare >= TrialResult.NotableWait ? Invariant($"  waited for images {100 * result.WaitedShare:F0} % of the training (try --cache)") : "";
        Say(Invariant($"    {figures}{bad}{waited}  in {trialClock.Elapsed.TotalSeconds:F0} s"));
    }

    public void Fail(PlannedTrial trial, Exception error) => Say($"    FAILED {trial.Label}, seed {trial.Spec.Seed}: {error.Message}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
