using Ablation.Experiments.Suites;

namespace Ablation.Experiments.Commands;

/// <summary>The error of a command that needs results where there are none.</summary>
internal static class NeverRan
{
    /// <param name="suite">As it was named on the command line.</param>
    /// <param name="folder">Where its results would be.</param>
    public static SuiteException Problem(string suite, string folder) =>
        new($"{suite}: was never run: no trials in {folder}; run it first (ablation run {suite}), or name the folder of its results "
            + "with --results");
}
