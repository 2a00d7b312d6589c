using System.Diagnostics;
using System.Runtime.InteropServices;
using Ablation.Harness.Native;

namespace Ablation.Experiments.Processes;

/// <summary>
/// Ctrl-C and SIGTERM of this process. The first asks to stop. A command that is still there <see cref="Patience"/> later is ended here,
/// whatever it does, unless it is in a <see cref="Section"/>, which must come to its end. The second does not wait that long; the third
/// ends the process, section or not.
/// </summary>
internal static class StopRequests
{
    /// <summary>Between the first request and the end by force. What polls <see cref="First"/> ends sooner and tidies up
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

    /// <summary>Of a process that was stopped: 130, or what a command has put in its place.</summary>
    public static int ExitCode { get; set; } = 130;

    public static void Listen()
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM])
            Registrations.Add(PosixSignalRegistration.Create(signal, Stop));
    }

    /// <summary>Work that must come to its end: trials that save checkpoints, a job that is submitted and noted. Ends by
    /// disposing.</summary>
    /// <exception cref="OperationCanceledException">A stop was asked for already, and the work is not to begin.</exception>
    public static IDisposable Section()
    {
        First.ThrowIfCancellationRequested();
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

    /// <summary>What an end by force does first, such as deleting a temporary folder. Taken back by disposing.</summary>
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
        context.Cancel = !SecondSource.IsCancellationRequested; // the third ends the process as it is
        if (!FirstSource.IsCancellationRequested)
        {
            // first of all, for what is called on cancellation may take long
            new Thread(EndByForce) { IsBackground = true, Name = "stop request" }.Start();
            FirstSource.Cancel();
        }
        else
        {
            SecondSource.Cancel();
        }
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
                }); // within the lock: no section begins any more
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
