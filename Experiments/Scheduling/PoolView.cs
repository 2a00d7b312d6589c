using Ablation.Experiments.Terminal;

namespace Ablation.Experiments.Scheduling;

/// <summary>Chooses how a pool is shown.</summary>
public static class PoolView
{
    /// <summary>Returns live rows for a terminal, one line per event for a file or a pipe. Dispose it to restore the terminal.</summary>
    public static IPoolView OfConsole() => TerminalLook.OfOutput().HasEscapes
        ? new LivePoolView(Console.Out, TerminalLook.OfOutput, TimeProvider.System, TerminalLook.WrapsAgain)
        : new PlainPoolView(Console.Out, TimeProvider.System);
}
