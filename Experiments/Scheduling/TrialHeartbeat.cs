using Ablation.Experiments.Processes;
using Ablation.Experiments.Store;
using Ablation.Harness.Foundations;
using Ablation.Harness.Training;
using Ablation.Harness.Training.Checkpoints;

namespace Ablation.Experiments.Scheduling;

/// <summary>
/// Writes progress.json from a timer while a trial's process lives, so that a long computation or a hang does not look like a dead process.
/// Also writes lines to the log. Reports a write error once.
/// </summary>
public sealed class TrialHeartbeat : ITrialWatch, IDisposable
{
    private static readonly TimeSpan LinePace = TimeSpan.FromSeconds(30);
    private readonly Lock gate = new();
    private readonly Lock file = new();
    private readonly string path;
    private readonly double epochs;
    private readonly Action<string> print;
    private readonly Timer timer;
    private readonly SteadyClock clock;
    private TrialProgress now;
    private DateTimeOffset lastLine;
    private bool hasFailed, isEnded;

    /// <param name="epochs">Epochs of the training.</param>
    /// <param name="print">Writes a line to the log.</param>
    /// <param name="time">Null for the system clock.</param>
    public TrialHeartbeat(string path, string token, double epochs, Action<string> print, TimeProvider? time = null)
    {
        clock = new SteadyClock(time ?? TimeProvider.System);
        (this.path, this.epochs, this.print) = (path, epochs, print);
        var start = clock.Now;
        now = new TrialProgress(token, TrialPhase.Starting, 0, 0, 0, null, null, start, start, start, Environment.WorkingSet);
        Write();
        timer = new Timer(_ => Write(), null, TrialLease.Heartbeat, TrialLease.Heartbeat);
    }

    public TrialPhase Phase
    {
        get
        {
            lock (gate) return now.Phase;
        }
    }

    public void Report(string line) => print(line);

    public void Start(long step, long steps, double epoch)
    {
        print(step > 0 ? $"resumes from step {step} of {steps}" : $"trains for {steps} steps");
        Change(progress => progress with { Phase = PhaseAt(step, steps), Step = step, Steps = steps, Epoch = epoch });
        Write();
    }

    public void Step(long step) =>
        Change(progress => progress with { Step = step, Epoch = progress.Steps > 0 ? epochs * step / progress.Steps : 0 });

    public void LogPoint(HistoryPoint point, long steps)
    {
        Change(progress => progress with { Loss = point.Loss, ImagesPerSecond = point.ImagesPerSecond });
        if (clock.Now - lastLine < LinePace) return;
        lastLine = clock.Now;
        print($"epoch {point.Epoch:F2}  step {point.Step}/{steps}  {point.ImagesPerSecond:F0} images/s  loss {point.Loss:F4}");
    }

    public void Saved(long step)
    {
        print($"checkpoint at step {step}");
        // until the last checkpoint is written, a stop has something to save
        Change(progress => progress with { Phase = PhaseAt(step, progress.Steps) });
    }

    public void Test(string name)
    {
        print($"evaluated {name}");
        Change(progress => progress with { Phase = TrialPhase.Evaluating });
    }

    /// <summary>Stops writing.</summary>
    public void Dispose()
    {
        timer.Dispose();
        lock (file) isEnded = true;
    }

    private static TrialPhase PhaseAt(long step, long steps) => step < steps ? TrialPhase.Training : TrialPhase.Evaluating;

    private void Change(Func<TrialProgress, TrialProgress> change)
    {
        lock (gate) now = change(now) with { Advanced = clock.Now }; // used to compute the pace
    }

    private void Write()
    {
        TrialProgress written;
        lock (gate) written = now = now with { Updated = clock.Wall, MemoryBytes = Environment.WorkingSet };
        lock (file)
        {
            if (isEnded) return;
            try
            {
                AtomicFile.Write(path, SpecJson.Write(written) + "\n", isLasting: false);
            }
            catch (IOException e)
            {
                if (!hasFailed) print($"ablation status will not see this trial: {e.Message}");
                hasFailed = true;
            }
        }
    }
}
