using Ablation.Experiments.Suites;
using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Store;

/// <summary>What was taken into one suite.</summary>
/// <param name="Suite">Name of its folder.</param>
/// <param name="There">Trials that were there already, with the same result.</param>
/// <param name="Unfinished">Trials without a result, which stay where they are.</param>
/// <param name="Refused">Why each of the others was not taken.</param>
public sealed record ImportedSuite(string Suite, int Taken, int There, int Unfinished, IReadOnlyList<string> Refused);

/// <summary>Takes finished trials of another folder of results, each checked; one that is refused does not stop the rest.</summary>
public static class TrialImport
{
    /// <summary>Takes all suites of a folder.</summary>
    /// <param name="from">A folder of results, or that of one suite.</param>
    /// <param name="suite">The only suite to take; where <paramref name="from"/> is one suite, the name that it gets. Null for all, and for
    /// its own name.</param>
    /// <param name="results">This machine's folder of results.</param>
    /// <exception cref="ArgumentException">There is nothing to take, or it is the same folder.</exception>
    public static IReadOnlyList<ImportedSuite> Take(string from, string? suite, string results)
    {
        if (suite is not null && (suite is "." or ".." || suite.AsSpan().IndexOfAny("/\\:") >= 0))
            throw new ArgumentException($"{suite}: not the name of a suite; name a folder of {from}");
        return [.. Sources(Path.GetFullPath(from), suite).Select(source =>
            Take(source.Store, new ResultStore(Path.Combine(results, source.Name)), source.Name))];
    }

    private static List<SuiteFolder> Sources(string from, string? suite)
    {
        if (!Directory.Exists(from)) throw new ArgumentException($"{from}: no such folder; name the other machine's folder of results");
        var isOne = SuiteFolders.IsSuite(from) || SuiteFolders.IsSuite(Path.Combine(from, SuiteFolders.Tuning));
        var all = isOne ? SuiteFolders.One(from) : SuiteFolders.Of(from);
        if (all.Count == 0)
            throw new ArgumentException($"{from}: no results: neither it nor a folder in it has a folder 'trials'; name the folder of " +
                "all results, or that of one suite");
        if (suite is null) return [.. all];
        if (isOne) return [.. all.Select(one => one with { Name = suite + one.Name[Path.GetFileName(from).Length..] })];
        List<SuiteFolder> chosen = [.. all.Where(one => one.Name == suite || one.Name == $"{suite}/{SuiteFolders.Tuning}")];
        return chosen.Count > 0 ? chosen : throw new ArgumentException(
            $"{suite}: not in {from}; {NearName.Hint(suite, [.. all.Select(one => one.Name)])}");
    }

    private static ImportedSuite Take(ResultStore from, ResultStore to, string name)
    {
        if (from.Folder == to.Folder) throw new ArgumentException($"{from.Folder}: it is this machine's own folder; name another");
        var (taken, there, unfinished, refused) = (0, 0, 0, new List<string>());
        foreach (var folder in Directory.GetDirectories(Path.Combine(from.Folder, "trials")).Order(StringComparer.Ordinal))
        {
            var id = Path.GetFileName(folder);
            if (!from.Has(id)) unfinished++;
            else if (TrialCopy.Problem(from, id) is { } problem) refused.Add(problem);
            else if (to.Has(id) && IsSame(from, to, id) && to.Damage(id) is not null)
            {
                if (TrialCopy.Take(from, to, id, isRepair: true) is { } hindrance) refused.Add(hindrance);
                else taken++;
            }
            else if (to.Has(id) && IsSame(from, to, id)) there++;
            else if (to.Has(id))
                refused.Add($"{to.TrialFolder(id)}: this trial is here already, with another result than {folder}; compare the two " +
                    $"(ablation compare takes their folders), delete the one that is wrong (ablation delete {id}), and import again");
            else if (TrialCopy.Take(from, to, id) is { } failure) refused.Add(failure);
            else taken++;
        }

        // what a search chose: without it, the trials of tuned rows belong to nobody
        var (choice, copy) = (Path.Combine(from.Folder, TuningChoice.FileName), Path.Combine(to.Folder, TuningChoice.FileName));
        if (File.Exists(choice) && !File.Exists(copy)) AtomicFile.Write(copy, File.ReadAllText(choice));
        return new ImportedSuite(name, taken, there, unfinished, refused);
    }

    private static bool IsSame(ResultStore one, ResultStore other, string id) => Content(one, id).SequenceEqual(Content(other, id));

    private static byte[] Content(ResultStore store, string id) => ResultFile.Bytes(Path.Combine(store.TrialFolder(id), "result.json"));
}
