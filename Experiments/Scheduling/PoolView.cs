using Ablation.Experiments.Terminal;

namespace Ablation.Experiments.Scheduling;

/// <summary>Chooses how a pool is shown.</summary>
public static class PoolView
{
    /// <summary>Returns live rows for a terminal, one line per event for a file or a pipe. Dispose it to restore the terminal.</summary>
    /// <param name="folder">The suite's folder, which gets a log.</param>
    /// <param name="isJson">Writes one JSON object per event, also to a terminal.</param>
    public static IPoolView OfConsole(string folder, bool isJson = false) => new LoggedPoolView(
        isJson ? new PlainPoolView(Console.Out, TimeProvider.System, EventForm.Json)
        : TerminalLook.OfOutput().HasEscapes
            ? new LivePoolView(Console.Out, TerminalLook.OfOutput, TimeProvider.System, TerminalLook.WrapsAgain)
        : new PlainPoolView(Console.Out, TimeProvider.System), folder, TimeProvider.System);
}
