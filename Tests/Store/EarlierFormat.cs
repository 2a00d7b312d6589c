using Ablation.Experiments.Store;
using Ablation.Harness.Foundations;

namespace Ablation.Tests.Store;

/// <summary>Results in the format of versions before the checksums.</summary>
internal static class EarlierFormat
{
    /// <summary>Rewrites a stored result without its list of files and checksum.</summary>
    public static void Unseal(ResultStore store, string id) =>
        File.WriteAllText(Path.Combine(store.TrialFolder(id), "result.json"), SpecJson.Write(store.Load(id)! with { Files = null }) + "\n");
}
