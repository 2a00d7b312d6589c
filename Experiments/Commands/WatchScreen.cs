using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Terminal;

namespace Ablation.Experiments.Commands;

/// <summary>The status of a suite in a terminal, drawn again in place until the suite has ended.</summary>
internal static class WatchScreen
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(250);

    /// <summary>Returns the last state, which stays on the screen.</summary>
    /// <param name="limits">Asked before each drawing, since the window may change its size.</param>
    /// <param name="run">The command that runs the suite; null if unknown.</param>
    /// <param name="pace">Time between two readings of the files.</param>
    /// <param name="keys">What a person asks for.</param>
    public static SuiteState Show(Func<SuiteState> read, Func<StatusLimits> limits, string? run, TimeSpan pace, WatchKeys keys,
        CancellationToken cancel)
    {
        var block = new LiveBlock(Console.Out, TerminalLook.WrapsAgain);
        while (true)
        {
            var state = read();
            var isOpen = !state.HasEnded;
            if (isOpen) isOpen = Wait(state);
            if (isOpen) continue;
            block.End(Lines(state, keys.Apply(limits())), limits().Look.Width);
            return state;
        }

        // a new size of the window is followed at once
        bool Wait(SuiteState state)
        {
            TerminalLook? drawn = null;
            var since = TimeProvider.System.GetTimestamp();
            for (var left = pace; left > TimeSpan.Zero; left = pace - TimeProvider.System.GetElapsedTime(since))
            {
                var now = keys.Apply(limits());
                if (keys.Read()) (now, drawn) = (keys.Apply(limits()), null);
                if (keys.IsQuit) return false;
                if (now.Look != drawn) block.Draw([], Cut(Lines(state, now), now.Look, Foot(state, now.Look)), now.Look.Width);
                drawn = now.Look;
                if (cancel.WaitHandle.WaitOne(left < Glance ? left : Glance)) return false;
            }

            return true;
        }

        IReadOnlyList<string> Lines(SuiteState state, StatusLimits now) =>
        [
            .. StatusText.Lines(state, TimeZoneInfo.Local, now, run),
            .. keys.Logs(state).Select(line => Ink.Cut(line, now.Look.Width)),
        ];

        string Foot(SuiteState state, TerminalLook look)
        {
            var dot = look.HasSymbols ? " · " : ", ";
            var text = string.Join(dot, $"every {pace.TotalSeconds:0.#} s", $"{state.Now.ToLocalTime():HH:mm:ss}", "l: logs", "f: failures",
                "q: quit, the run goes on");
            return Ink.Of(text, Ink.Grey, look.HasColour);
        }
    }

    private static List<string> Cut(IReadOnlyList<string> lines, TerminalLook look, string foot)
    {
        var most = Math.Max(1, look.Height - 2); // the foot, and the row of the cursor
        return lines.Count <= most ? [.. lines, foot] : [.. lines.Take(most - 1), $"... and {lines.Count - most + 1} more lines", foot];
    }
}
