using Ablation.Harness.Provenance;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>Checks that a suite's trials saw the same data, by the fingerprints in their results.</summary>
public static class SeenData
{
    private const int Shown = 16; // hexadecimal digits

    /// <summary>Returns the name and the first digits of each distinct fingerprint of the training set or a test.</summary>
    public static IEnumerable<(string What, string Print)> Lines(IEnumerable<StoredTrial> trials) =>
        Prints(trials).Select(print => ($"fingerprint of {print.What}", print.Hash[..Math.Min(Shown, print.Hash.Length)])).Distinct();

    /// <summary>Lists data that differed between trials, and the trials; empty if all fingerprints agree.</summary>
    public static IReadOnlyList<string> Problems(IEnumerable<StoredTrial> trials) =>
    [
        .. Prints(trials).GroupBy(print => print.What)
            .Select(what => (What: what.Key, Groups: what.GroupBy(print => print.Hash).OrderByDescending(group => group.Count()).ToList()))
            .Where(what => what.Groups.Count > 1)
            .Select(what =>
                $"{what.What}: {what.Groups[0].Count()} trials agree, not with them " +
                $"{string.Join(", ", what.Groups.Skip(1).SelectMany(group => group).Select(print => print.Id))}"),
        .. trials.Where(trial => trial.Result?.Provenance.DataChanged == true).Select(trial => trial.Id).ToList() is { Count: > 0 } changed
            ? [$"files of the training data changed while trials ran: {string.Join(", ", changed)}"] : (string[])[],
    ];

    private static IEnumerable<(string What, string Hash, string Id)> Prints(IEnumerable<StoredTrial> trials) =>
        from trial in trials
        let data = trial.Result?.Provenance.Data
        where data is not null
        from print in data.Tests.Prepend(new TestFingerprint("the training data", data.Training))
        select (print.Name, print.Hash, trial.Id);
}
