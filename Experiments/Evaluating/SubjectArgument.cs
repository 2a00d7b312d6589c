using Ablation.Experiments.Store;
using Ablation.Harness;
using Ablation.Harness.Embedding;
using Ablation.Harness.Foundations;
using Ablation.Harness.Protocols;
using Ablation.Harness.Provenance;

namespace Ablation.Experiments.Evaluating;

/// <summary>What is evaluated, as the command line names it.</summary>
public static class SubjectArgument
{
    /// <summary>
    /// A trial's id (looked for in every suite of <paramref name="results"/>), a trial's folder, a .npy file, or "pixels".
    /// </summary>
    /// <exception cref="ArgumentException">There is no such thing, or more than one.</exception>
    /// <exception cref="DataProblem">Weights or embeddings are missing or damaged.</exception>
    public static EvaluationSubject Open(string what, string results, TrialPlace place, EmbeddingCache? cache)
    {
        if (what.EndsWith(".npy", StringComparison.OrdinalIgnoreCase)) return EmbeddingFileSubject.Open(what);
        if (what == PixelSubject.Word) return new PixelSubject();
        return new TrialSubject(TrialFolder(what, results), place, cache);
    }

    private static string TrialFolder(string what, string results)
    {
        if (File.Exists(Path.Combine(what, "result.json"))) return Path.GetFullPath(what);
        string[] found = what.All(char.IsAsciiLetterOrDigit) && Directory.Exists(results)
            ? [.. Directory.GetDirectories(results).Append(results).Select(suite => new ResultStore(suite)).Where(store => store.Has(what))
                .Select(store => store.TrialFolder(what)).Distinct()]
            : [];
        return found.Length switch
        {
            1 => found[0],
            0 => throw new ArgumentException(
                $"{what}: no finished trial of this id below {results}, no folder with a result.json, and no .npy file; ablation status " +
                $"SUITE and the report's last table list ids, --results names the folder"),
            _ => throw new ArgumentException($"{what}: in {string.Join(" and in ", found)}; give the folder that is meant"),
        };
    }
}
