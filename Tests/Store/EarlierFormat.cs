using Ablation.Experiments.Store;
using Ablation.Harness.Foundations;

namespace Ablation.Tests.Store;

/// <summary>Results as versions before the checksums wrote them.</summary>
internal static class EarlierFormat
{
    /// <summary>Writes a stored result again without list of files and checksum.</summary>
    public static void Unseal(ResultStore store, string id) =>
        File.WriteAllText(Path.Combine(store.TrialFolder(id), "result.json"), SpecJson.Write(store.Load(id)! with { Files = null }) + "\n");
}
