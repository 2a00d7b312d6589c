using System.Diagnostics;
using Ablation.Experiments.Store;

namespace Ablation.Experiments.Scheduling;

/// <summary>
/// Stops an attempt at a trial that is asked to. While it trains, the loop itself ends its step and saves a checkpoint. What is done
/// before and after loses nothing: it is cancelled, and where it does not look at that for a second, the process is ended.
/// </summary>
public sealed class AttemptStop : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);
    private readonly CancellationTokenSource cancel = new();
    private readonly Lock gate = new();
    private readonly CancellationTokenRegistration asked;
    private bool isOver;

    /// <param name="phase">Of the attempt now.</param>
    /// <param name="endNow">Ends the process; null to wait for the attempt, however long it takes.</param>
    public AttemptStop(CancellationToken stop, Func<TrialPhase> phase, Action? endNow) =>
        asked = stop.Register(() => new Thread(() => Watch(phase, endNow)) { IsBackground = true, Name = "attempt stop" }.Start());

    /// <summary>Cancelled when the attempt is to be left where it is.</summary>
    public CancellationToken Token => cancel.Token;

    /// <summary>Waits for nothing and ends nothing from now on: the result is being stored.</summary>
    public void Over()
    {
        lock (gate) isOver = true;
    }

    public void Dispose()
    {
        asked.Dispose();
        Over();
    }

    private void Watch(Func<TrialPhase> phase, Action? endNow)
    {
        for (var since = Stopwatch.StartNew(); ; Thread.Sleep(Pace))
        {
            lock (gate)
            {
                if (isOver) return;
                if (phase() == TrialPhase.Training) since.Restart();
                else if (!cancel.IsCancellationRequested) cancel.Cancel();
                else if (since.Elapsed > Patience && endNow is not null) endNow();
            }
        }
    }
}
