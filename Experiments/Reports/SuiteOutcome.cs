using System.Text.Json;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness.Foundations;
using Ablation.Harness.Provenance;

namespace Ablation.Experiments.Reports;

/// <summary>
/// Summary of a suite: <c>summary.json</c> beside its report. The page over all suites is written from it without reading any trial.
/// </summary>
/// <param name="Answer">The sentence at the top of the report.</param>
/// <param name="Finished">Trials with a result, including diverged ones.</param>
/// <param name="Failed">Trials whose last attempt ended with an error.</param>
/// <param name="Missing">Trials that were not run, are not finished, or have damaged files.</param>
/// <param name="LastEnd">When the last trial ended, from the results; null if none is finished.</param>
public sealed record SuiteOutcome(string Name, string Question, string Answer, int Trials, int Finished, int Failed, int Missing,
    DateTimeOffset? LastEnd)
{
    public const string FileName = "summary.json";

    /// <summary>"Yes", "No", "Not settled", "It depends"; empty without a claim, before the end, and in files of earlier
    /// versions.</summary>
    public string Verdict { get; init; } = "";

    /// <summary>What stands before the answer: failures, collapsed seeds; empty in files of earlier versions.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Every loss against the baseline in every primary column; empty in files of earlier versions.</summary>
    public IReadOnlyList<OutcomeComparison> Comparisons { get; init; } = [];

    public static SuiteOutcome Summarise(Summary summary, SuiteAnswer answer)
    {
        var finished = summary.Distinct.Select(trial => trial.Result?.Provenance).OfType<TrialProvenance>().ToList();
        var failed = summary.Distinct.Count(trial => trial.Failure is not null);
        // results of earlier versions lack the end
        DateTimeOffset? last = finished.Count == 0
            ? null : finished.Max(origin => origin.Ended ?? origin.Started.AddSeconds(origin.Seconds));
        return new SuiteOutcome(summary.Suite.Name, summary.Suite.Question, answer.Text, summary.Distinct.Count, finished.Count, failed,
            summary.Distinct.Count - finished.Count - failed, last)
        {
            Verdict = answer.WordText,
            Warnings = answer.Warnings,
            Comparisons = OutcomeComparison.All(summary),
        };
    }

    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <param name="folder">The suite's, or where its report goes.</param>
    public void Save(string folder) => AtomicFile.Write(Path.Combine(folder, FileName), SpecJson.Write(this) + "\n");

    /// <summary>Reads the summary; null if no report was written.</summary>
    /// <param name="folder">Folder of a suite.</param>
    /// <exception cref="InvalidDataException">The file is damaged; the message names it and the cure.</exception>
    public static SuiteOutcome? Load(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return null;
        var json = File.ReadAllText(path);
        try
        {
            return SpecJson.Read<SuiteOutcome>(json);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new InvalidDataException($"{JsonProblem.Describe(path, json, e, typeof(SuiteOutcome))}; write the suite's report again",
                e);
        }
    }
}
