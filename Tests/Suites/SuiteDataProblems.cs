using Ablation.Experiments.Commands;
using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Suites;
using Ablation.Harness.Faces;

namespace Ablation.Tests.Suites;

/// <summary>The data check of a whole suite by plan, run and submit.</summary>
internal static class SuiteDataProblems
{
    public static IReadOnlyList<string> DataProblems(this Suite suite, DataRoot root)
    {
        using var data = new OpenedData(root);
        return Preflight.DataProblems(suite, suite.Trials(), data);
    }
}
