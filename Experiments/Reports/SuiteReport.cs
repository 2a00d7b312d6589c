using Ablation.Experiments.Store;

namespace Ablation.Experiments.Reports;

/// <summary>placeholder while trials run</summary>
public static class SuiteReport
{
    public static string Write(Suite suite, ResultStore store) => Path.Combine(store.Folder, suite.Name);
}
