using Ablation.Experiments.Suites;
using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>Says yes or no to a suite's claim.</summary>
/// <remarks>Yes over several columns needs every one of them (intersection-union: each at 0.05, no correction). Where only some are
/// decided, the word rests on those that also pass the correction for the number of columns.</remarks>
internal static class ClaimAnswer
{
    private const int Named = 4;

    public static SuiteAnswer Build(ClaimOptions claim, IReadOnlyList<AnswerFinding> findings)
    {
        var subjects = findings.Select(finding => (Finding: finding, Row: finding.Rows.FirstOrDefault(row => row.Loss == claim.Subject)))
            .Where(one => one.Row is not null && one.Row != one.Finding.Baseline).Select(one => (one.Finding, Row: one.Row!)).ToList();
        if (subjects.All(one => one.Row.Cell.Known is null && one.Row.Cell.Collapsed == 0))
            return new SuiteAnswer(AnswerWord.None, [$"No answer: {claim.Subject} has no finished trial."]);
        if (subjects.All(one => one.Row.Comparison is null))
            return new SuiteAnswer(AnswerWord.None, ["No answer: no table has a row for the baseline beside the subject."]);
        return subjects.Count == 1 ? One(claim, subjects[0].Finding, subjects[0].Row) : Several(claim, subjects);
    }

    private static SuiteAnswer One(ClaimOptions claim, AnswerFinding finding, AnswerRow row) =>
        new(Side(claim, row) switch
        {
            Stand.For => AnswerWord.Yes,
            Stand.Against => AnswerWord.No,
            Stand.Open => AnswerWord.NotSettled,
            _ => AnswerWord.None,
        }, [finding.Values(row), .. finding.Sure(row)]);

    private static SuiteAnswer Several(ClaimOptions claim, IReadOnlyList<(AnswerFinding Finding, AnswerRow Row)> subjects)
    {
        var stands = subjects.Select(one => Side(claim, one.Row)).ToList();
        var strict = subjects.Select((one, i) => IsSure(one.Row, subjects.Count) ? stands[i] : Stand.Open).ToList();
        var points = subjects.All(one => one.Row.Comparison?.Difference is { } difference
            && (difference > 0 == one.Finding.Column.HigherIsBetter) != claim.Better);
        // every column was to hold: one without a figure leaves the claim open
        var isLacking = subjects.Any(one => one.Row.Cell.Known is null && one.Row.Cell.Collapsed == 0);
        var word = isLacking ? AnswerWord.NotSettled
            : stands.All(stand => stand == Stand.For) ? AnswerWord.Yes
            : stands.All(stand => stand == Stand.Against) ? AnswerWord.No
            : stands.All(stand => stand == Stand.None) ? AnswerWord.None
            : strict.Contains(Stand.Against) && points ? AnswerWord.No
            : strict.Any(stand => stand is Stand.For or Stand.Against) ? AnswerWord.ItDepends
            : AnswerWord.NotSettled;
        var sentences = new List<string>();
        foreach (var group in subjects.GroupBy(one => Kind(one.Row)))
            sentences.Add($"{claim.Subject} {group.Key} {Names([.. group])}.");
        if (word is AnswerWord.Yes or AnswerWord.No && stands.Distinct().Count() == 1)
        {
            sentences.Add($"Each of the {subjects.Count} holds at {Decision.Level} by itself, so all hold together.");
        }
        else if (stands.Any(stand => stand is Stand.For or Stand.Against))
        {
            var sure = subjects.Where((_, i) => strict[i] is Stand.For or Stand.Against).ToList();
            sentences.Add(sure.Count == 0 ? $"None passes the correction for {subjects.Count} columns."
                : $"Sure after correction for {subjects.Count} columns: {Names(sure)}.");
        }

        var largest = subjects.Where(one => one.Row.Comparison?.Difference is not null)
            .MaxBy(one => Math.Abs(one.Row.Comparison!.Difference!.Value));
        if (largest.Row is not null) sentences.AddRange([$"The largest difference: {largest.Finding.Values(largest.Row)}",
            .. largest.Finding.Sure(largest.Row)]);
        return new SuiteAnswer(word, sentences);
    }

    private enum Stand
    {
        /// <summary>No verdict is possible.</summary>
        None,
        Open,
        For,
        Against,
    }

    private static Stand Side(ClaimOptions claim, AnswerRow row) => row.Comparison switch
    {
        { IsDecided: true } decided => decided.IsBetter == claim.Better ? Stand.For : Stand.Against,
        { Verdict: Verdict.EqualWithin } => Stand.Against,
        { Verdict: Verdict.Open or Verdict.Collapsed } => Stand.Open,
        _ => Stand.None,
    };

    private static bool IsSure(AnswerRow row, int columns) =>
        row.Comparison is { IsDecided: true } decided && columns * decided.AdjustedP < Decision.Level;

    private static string Kind(AnswerRow row) => row.Comparison switch
    {
        { IsDecided: true, IsBetter: true } => "is better on",
        { IsDecided: true } => "is worse on",
        { Verdict: Verdict.EqualWithin } => "is equal within the margin on",
        { Verdict: Verdict.Open } => "is open on",
        { Verdict: Verdict.Collapsed } => "or the baseline collapsed on",
        { Verdict: Verdict.OneSeed } => "has one seed on",
        { Verdict: Verdict.Provisional } => "has two seeds, too few for a verdict, on",
        null or { N: 0 } when row.Cell.Known is null => "has no figure on",
        _ => "cannot be compared on",
    };

    private static string Names(IReadOnlyList<(AnswerFinding Finding, AnswerRow Row)> columns) =>
        (columns.Count > Named ? $"{columns.Count} columns: " : "")
        + string.Join("; ", columns.Take(Named).Select(one => one.Row.Comparison?.Difference is { } difference
            ? $"{one.Finding.Where} ({one.Finding.Format.Signed(difference)})" : one.Finding.Where))
        + (columns.Count > Named ? "; ..." : "");
}
