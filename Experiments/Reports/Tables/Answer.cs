namespace Ablation.Experiments.Reports.Tables;

/// <summary>
/// Answers a suite's question in a few sentences that claim no more than the verdicts of its tables. A suite with a claim gets yes or no;
/// others hear of the best loss against the baseline.
/// </summary>
public static class Answer
{
    /// <summary>Builds the answer, which names open trials, or says why there is none.</summary>
    public static SuiteAnswer Build(Summary summary)
    {
        if (summary.PairingProblems().Count > 0)
            return Nothing("No answer: trials of one seed did not start alike, so their differences are not paired.");
        if (SeenData.Problems(summary.Trials).Count > 0) return Nothing("No answer: the trials did not see the same data.");
        var finished = summary.Distinct.Count(trial => trial.Result is not null);
        var warnings = AnswerWarnings.Of(summary);
        if (finished == 0)
            return Nothing($"No answer yet: none of {summary.Distinct.Count} trials is finished.") with { Warnings = warnings };
        var findings = AnswerFinding.All(summary);
        var ended = summary.Distinct.Count(trial => trial.Result is not null || trial.Failure is not null || trial.IsDamaged);
        var known = findings.Where(finding => finding.IsKnown).ToList();
        var answer = known.Count == 0 ? Nothing("No trial of a trained network has a figure.")
            : summary.Suite.Claim is { } claim ? ClaimAnswer.Build(claim, findings) : BestAnswer.Build(known);
        // the trials of the tuned rows are unknown before the choice
        var isTuned = summary.Suite.Tune is null || summary.Suite.Tuned is not null;
        if (ended == summary.Distinct.Count && isTuned) return answer with { Warnings = warnings };
        // a verdict on a part of the seeds would be one of several looks
        return answer with
        {
            Word = AnswerWord.None,
            Warnings = warnings,
            Unfinished = $"So far, {finished} of {summary.Distinct.Count} trials{(isTuned ? "" : ", and nothing is tuned")}",
        };
    }

    private static SuiteAnswer Nothing(string why) => new(AnswerWord.None, [why]);
}
