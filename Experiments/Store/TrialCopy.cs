using Ablation.Harness;
using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Store;

/// <summary>
/// Copies a finished trial from one store to another. It is checked before: the checksum of its result, its id, the hash of every file that
/// the result lists. So is each copy. result.json is written last, so that a copy that was killed is an unfinished trial.
/// </summary>
internal static class TrialCopy
{
    private const string Result = "result.json";

    /// <summary>Records without a hash, which no figure depends on.</summary>
    private static readonly string[] Records = ["spec.json", "attempts.jsonl", "log.txt", TrialTags.FileName];

    /// <summary>Returns why a finished trial cannot be copied, and a remedy; null if all of its files are intact.</summary>
    public static string? Problem(ResultStore store, string id)
    {
        var folder = store.TrialFolder(id);
        if (store.Load(id, out var damage) is not { } result) return damage ?? $"{folder}: not finished";
        if (result.Files is not { } files)
            return $"{folder}: an earlier version wrote it without checksums, so it cannot be checked; copy the folder by hand if you " +
                "trust it, or run the trial again";
        if (files.Keys.FirstOrDefault(name => !IsPlain(name)) is { } outside)
            return $"{Path.Combine(folder, Result)}: it lists {outside}, which is not a file of its folder; run the trial again";
        if (store.Damage(id) is { } problem) return problem;
        try
        {
            // weights may have been left out to save space; tables do not need them
            var weights = Path.Combine(folder, TrialWeights.FileName);
            return !files.TryGetValue(TrialWeights.FileName, out var hash) || !File.Exists(weights) || Seal.OfFile(weights) == hash ? null
                : $"{weights}: it does not have the checksum that {Result} lists: it was changed; restore it, or delete it to go without";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{folder}: {e.Message}";
        }
    }

    /// <summary>Checks a finished trial and copies it; the result of a copy that failed is not stored.</summary>
    /// <param name="isRepair">Whether the trial is there already, with damaged files that are to be replaced.</param>
    /// <returns>Why it was not copied; null if it is there now.</returns>
    public static string? Take(ResultStore from, ResultStore to, string id, bool isRepair = false)
    {
        try
        {
            return Problem(from, id) ?? Copy(from, to, id, isRepair);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or LeaseLostException)
        {
            return e.Message;
        }
    }

    private static string? Copy(ResultStore from, ResultStore to, string id, bool isRepair)
    {
        var (source, files) = (from.TrialFolder(id), to.Files(id));
        var bytes = ResultFile.Bytes(Path.Combine(source, Result));
        ResultFile.Sealed(Path.Combine(source, Result), bytes);
        var result = from.Load(id)!;
        using (var lease = TrialLease.TryTake(files, new LeaseHolder()))
        {
            if (lease is null) return $"{files.Folder}: a process is running this trial here; take it again when that has ended";
            if (to.Has(id) && !isRepair) return null;
            if (!isRepair) PatientFile.Delete(files.Weights); // of an earlier attempt here
            foreach (var (name, hash) in result.Files!)
            {
                var (original, copy) = (Path.Combine(source, name), Path.Combine(files.Folder, name));
                if (name == TrialWeights.FileName && !File.Exists(original)) continue;
                Copy(original, copy);
                if (Seal.OfFile(copy) != hash) throw new IOException($"{copy}: the copy of {original} differs from it; check the disk");
            }

            foreach (var name in Records.Where(name => File.Exists(Path.Combine(source, name))
                && !File.Exists(Path.Combine(files.Folder, name))))
                Copy(Path.Combine(source, name), Path.Combine(files.Folder, name));
            lease.Commit(() =>
            {
                AtomicFile.Write(Path.Combine(files.Folder, Result), bytes);
                PatientFile.Delete(Path.Combine(files.Folder, "failure.json"));
            });
        }

        files.Abandon(keepCheckpoint: false); // what attempts here left
        CopyEvaluations(from, to, id);
        return null;
    }

    /// <summary>Copies intact evaluations made after the training.</summary>
    private static void CopyEvaluations(ResultStore from, ResultStore to, string id)
    {
        var target = new EvaluationStore(to.TrialFolder(id));
        foreach (var (evaluation, scores) in new EvaluationStore(from.TrialFolder(id)).Load(out _)) target.Save(evaluation, scores);
    }

    private static void Copy(string from, string to) => AtomicFile.Write(to, file =>
    {
        using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        source.CopyTo(file);
    });

    private static bool IsPlain(string name) => name.Length > 0 && name is not ("." or "..") && name.AsSpan().IndexOfAny("/\\:") < 0;
}
