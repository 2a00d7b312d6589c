using Spectre.Console;

namespace Ablation.Experiments.Scheduling;

/// <summary>Chooses how a pool is shown.</summary>
public static class PoolView
{
    /// <summary>Returns live rows for a terminal, plain lines for a file or a pipe. Dispose it to restore the terminal.</summary>
    public static IPoolView OfConsole() => Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Ansi
        ? new PlainPoolView(Console.Out, TimeProvider.System)
        : new LivePoolView(AnsiConsole.Console, TimeProvider.System);
}
