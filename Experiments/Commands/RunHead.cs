using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Experiments.Terminal;
using Ablation.Losses.Options;

namespace Ablation.Experiments.Commands;

/// <summary>The first lines of a run: what all its trials share, said once, and the question.</summary>
internal static class RunHead
{
    /// <summary>Returns the head, wrapped to the terminal.</summary>
    public static IEnumerable<string> Lines(Suite suite, IReadOnlyList<PlannedTrial> trials, string device, PoolShape shape,
        ResultStore store, TerminalLook look)
    {
        var networks = trials.Select(trial => Labels.Full(trial.Condition.Backbone)).Distinct().ToList();
        var pixels = trials.Select(trial => trial.Spec.Resolution).Distinct().ToList();
        string[] parts =
        [
            suite.Name, $"{trials.Count} {(trials.Count == 1 ? "trial" : "trials")}",
            $"{(networks.Count == 1 ? networks[0] : $"{networks.Count} networks")}, {string.Join(", ", pixels)} px",
            $"tested on {string.Join(", ", suite.Tests.Select(Catalog.NameOf).Distinct())}",
            $"{device}, {shape.Jobs} x {shape.ThreadsPerJob} {(shape.ThreadsPerJob == 1 ? "thread" : "threads")}",
        ];
        return
        [
            .. Fit.Wrap(string.Join(look.HasSymbols ? " · " : ", ", parts), look.Width), .. Fit.Wrap(suite.Question, look.Width),
            $"results in {store.Folder}", .. look.IsTerminal ? [""] : (string[])[],
        ];
    }
}
