using Spectre.Console;

namespace Ablation.Experiments.Scheduling;

/// <summary>Chooses how a pool is shown.</summary>
public static class PoolView
{
    /// <summary>Live rows in a terminal; plain lines in a file or a pipe. To be disposed, so that the terminal is left as it was.</summary>
    public static IPoolView OfConsole() => Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Ansi
        ? new PlainPoolView(Console.Out, TimeProvider.System)
        : new LivePoolView(AnsiConsole.Console, TimeProvider.System);
}
