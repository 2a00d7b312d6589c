using Ablation.Experiments.Store;
using Ablation.Harness.Embedding;
using Ablation.Harness.Foundations;
using Ablation.Harness.Provenance;

namespace Ablation.Experiments.Evaluating;

/// <summary>Opens the subject of an evaluation that the command line names.</summary>
public static class SubjectArgument
{
    /// <summary>
    /// Opens a trial by its id (in any suite of <paramref name="results"/>) or folder, a .npy file, or "pixels".
    /// </summary>
    /// <exception cref="ArgumentException">There is no such subject, or more than one.</exception>
    /// <exception cref="DataProblem">Weights or embeddings are missing or damaged.</exception>
    public static EvaluationSubject Open(string what, string results, TrialPlace place, EmbeddingCache? cache)
    {
        if (what.EndsWith(".npy", StringComparison.OrdinalIgnoreCase)) return EmbeddingFileSubject.Open(what);
        if (what == PixelSubject.Word) return new PixelSubject();
        return new TrialSubject(TrialFolder(what, results), place, cache);
    }

    /// <summary>Finds the folder of a trial by its id or path.</summary>
    /// <exception cref="ArgumentException">There is no such trial, or more than one.</exception>
    public static string TrialFolder(string what, string results)
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
            _ => throw new ArgumentException($"{what}: found in {string.Join(" and in ", found)}; give the folder of the trial"),
        };
    }
}
