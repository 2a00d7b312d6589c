using Ablation.Harness;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>Collects the notes of trials and later evaluations about their data and tests, each once.</summary>
public static class DataNotes
{
    /// <summary>Returns all notes in the order of the trials, with the number of trials if not all have the note.</summary>
    public static IEnumerable<Block> Blocks(Summary summary)
    {
        var trials = summary.Distinct.Where(trial => trial.Result is not null).ToList();
        return Collect(trials).CountBy(note => note).Select(note => (Block)new Note(note.Key.Test is null && note.Value < trials.Count
            ? $"{note.Key} ({note.Value} of {trials.Count} trials)" : note.Key.ToString()));
    }

    /// <summary>Returns the notes on the test of a table.</summary>
    public static IEnumerable<Block> OfTest(Summary summary, string test) =>
        Collect(summary.Trials).Where(note => note.Test == test).Distinct().Select(note => (Block)new Note(note.What));

    private static IEnumerable<DataNote> Collect(IEnumerable<StoredTrial> trials) =>
        trials.Where(trial => trial.Later.Count > 0 || trial.Result?.Notes is { Count: > 0 }) // asked for every table of a large report
            .SelectMany(trial => (trial.Result?.Notes ?? []).Concat(trial.Later.SelectMany(later => later.Notes ?? [])).Distinct());
}
