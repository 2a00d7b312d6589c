using System.Diagnostics;
using System.Runtime.InteropServices;
using Ablation.Harness.Native;

namespace Ablation.Experiments.Processes;

/// <summary>
/// Handles Ctrl-C, SIGTERM, a closed terminal or window, and Windows' shutdown. The first requests a stop. A command that is still running
/// <see cref="Patience"/> later is ended by force, unless it is in a <see cref="Section"/>, which must complete. The second skips that
/// wait. The third ends the process even in a section.
/// </summary>
internal static class StopRequests
{
    /// <summary>Time between the first request and the end by force. Code that polls <see cref="First"/> ends sooner and cleans up
    /// itself.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public const string Message = "stopped; finished trials are kept, and the same command resumes the rest";

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);
    private static readonly CancellationTokenSource FirstSource = new();
    private static readonly CancellationTokenSource SecondSource = new();
    private static readonly List<PosixSignalRegistration> Registrations = [];
    private static readonly Lock Gate = new();
    private static readonly List<Action> LastActs = [];
    private static readonly Stopwatch SinceSection = Stopwatch.StartNew();
    private static int sections;

    public static CancellationToken First => FirstSource.Token;

    public static CancellationToken Second => SecondSource.Token;

    /// <summary>Exit code of a stopped process: 130, or a value set by a command.</summary>
    public static int ExitCode { get; set; } = 130;

    public static void Listen()
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
            Registrations.Add(PosixSignalRegistration.Create(signal, Stop));
    }

    /// <summary>Begins work that must complete: trials that save checkpoints, a job that is submitted and recorded. Ends by
    /// disposing.</summary>
    /// <exception cref="OperationCanceledException">A stop was requested already; the work must not begin.</exception>
    public static IDisposable Section()
    {
        First.ThrowIfCancellationRequested();
        return LastSection();
    }

    /// <summary>Begins work that must complete even if a stop was requested already, such as telling that a run has ended.</summary>
    public static IDisposable LastSection()
    {
        lock (Gate) sections++;
        return new Ended(() =>
        {
            lock (Gate)
            {
                sections--;
                SinceSection.Restart();
            }
        });
    }

    /// <summary>Registers an action to run before an end by force, such as deleting a temporary folder. Removed by disposing.</summary>
    public static IDisposable BeforeForcedEnd(Action act)
    {
        lock (Gate) LastActs.Add(act);
        return new Ended(() =>
        {
            lock (Gate) LastActs.Remove(act);
        });
    }

    private static void Stop(PosixSignalContext context)
    {
        context.Cancel = !SecondSource.IsCancellationRequested; // the third ends the process
        if (!FirstSource.IsCancellationRequested)
        {
            // started first, as cancellation callbacks may take long
            new Thread(EndByForce) { IsBackground = true, Name = "stop request" }.Start();
            FirstSource.Cancel();
        }
        else
        {
            SecondSource.Cancel();
        }

        // Windows ends the process as soon as this returns, and after five seconds in any case; trials then save and end by themselves
        if (OperatingSystem.IsWindows() && context.Signal is not PosixSignal.SIGINT) Thread.Sleep(Timeout.Infinite);
    }

    private static void EndByForce()
    {
        for (var asked = Stopwatch.StartNew(); ; Thread.Sleep(Pace))
        {
            lock (Gate)
            {
                if (sections > 0) continue;
                if (!SecondSource.IsCancellationRequested && (asked.Elapsed < Patience || SinceSection.Elapsed < Patience)) continue;
                ProcessEnd.Now(ExitCode, () =>
                {
                    Console.Error.WriteLine(Message);
                    LastActs.ForEach(act => act());
                }); // within the lock, so that no section can begin
            }
        }
    }

    private sealed class Ended(Action end) : IDisposable
    {
        private int count;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref count, 1) == 0) end();
        }
    }
}
