using System.Diagnostics;
using Ablation.Experiments.Store;

namespace Ablation.Experiments.Scheduling;

/// <summary>
/// Stops an attempt at a trial on request. During training the loop finishes its step and saves a checkpoint. Work before and after the
/// training is cancelled, since nothing is lost; if it does not react within a second, the process is ended.
/// </summary>
public sealed class AttemptStop : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);
    private readonly CancellationTokenSource cancel = new();
    private readonly Lock gate = new();
    private readonly CancellationTokenRegistration asked;
    private bool isOver;

    /// <param name="phase">Returns the current phase of the attempt.</param>
    /// <param name="endNow">Ends the process; null to wait for the attempt, however long it takes.</param>
    public AttemptStop(CancellationToken stop, Func<TrialPhase> phase, Action? endNow) =>
        asked = stop.Register(() => new Thread(() => Watch(phase, endNow)) { IsBackground = true, Name = "attempt stop" }.Start());

    /// <summary>Cancelled when the attempt must be abandoned.</summary>
    public CancellationToken Token => cancel.Token;

    /// <summary>Stops watching, because the result is being stored.</summary>
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
