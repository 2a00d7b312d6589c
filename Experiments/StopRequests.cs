using System.Runtime.InteropServices;

namespace Ablation.Experiments;

/// <summary>Ctrl-C and SIGTERM of this process: the first asks to stop, the second not to wait for anything, the third ends the process.</summary>
internal static class StopRequests
{
    private static readonly CancellationTokenSource FirstSource = new();
    private static readonly CancellationTokenSource SecondSource = new();
    private static readonly List<PosixSignalRegistration> Registrations = [];

    public static CancellationToken First => FirstSource.Token;

    public static CancellationToken Second => SecondSource.Token;

    public static void Listen()
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM]) Registrations.Add(PosixSignalRegistration.Create(signal, Stop));
    }

    private static void Stop(PosixSignalContext context)
    {
        context.Cancel = !SecondSource.IsCancellationRequested; // the third ends the process as it is
        (FirstSource.IsCancellationRequested ? SecondSource : FirstSource).Cancel();
    }
}
