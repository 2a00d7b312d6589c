using Ablation.Experiments.Suites;
using Ablation.Harness.Protocols;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>Writes the caption of a table: what a reader must know in every format.</summary>
/// <param name="Opening">Title and condition.</param>
/// <param name="NamesBaseline">Whether the caption names the row that the others are compared with.</param>
internal sealed record TableCaption(string Opening, bool NamesBaseline)
{
    private const int NamedTrials = 4; // of those without a result; the report has a section for all of them

    /// <param name="trials">Trials of the table's rows and condition.</param>
    /// <param name="baseline">The label of the loss that the others are compared with.</param>
    public string Write(IReadOnlyList<StoredTrial> trials, IReadOnlyList<ResultColumn> columns, IReadOnlyList<ResultRow> rows,
        string baseline)
    {
        var compared = NamesBaseline && rows.FirstOrDefault(row => row.Loss == baseline) is { } row ? $" Compared with {row.Name}." : "";
        List<string> tests = [.. columns.Select(column => column.Test).Distinct()];
        return $"{Opening}.{Overlaps(trials, tests)}{Lacking(trials)}{Later(trials, tests)}{compared}{Published(rows)}";
    }

    /// <summary>Warns of people who are in the training set too.</summary>
    private static string Overlaps(IReadOnlyList<StoredTrial> trials, List<string> tests) => string.Concat(tests
        .Select(test => trials.Select(trial => trial.Overlap(test)).FirstOrDefault(overlap => overlap is { IsAny: true }))
        .OfType<DataOverlap>().Select(overlap => $" {overlap.Warning()}"));

    /// <summary>Names trials that ran but have no number. Means and tests exclude them instead of counting them as bad.</summary>
    private static string Lacking(IReadOnlyList<StoredTrial> trials)
    {
        var lacking = trials.Where(trial => trial.Failure is not null || trial.IsDamaged).ToList();
        if (lacking.Count == 0) return "";
        var named = string.Join(", ", lacking.Take(NamedTrials)
            .Select(trial => $"{trial.Plan.Label} seed {trial.Plan.Spec.Seed} ({(trial.IsDamaged ? "damaged" : "failed")})"));
        return $" Without {lacking.Count} {(lacking.Count == 1 ? "trial that has" : "trials that have")} no result: " +
            $"{named}{(lacking.Count > NamedTrials ? ", ..." : "")}.";
    }

    /// <summary>Names the tests that are not in the suite.</summary>
    private static string Later(IReadOnlyList<StoredTrial> trials, List<string> tests)
    {
        var later = tests.Where(test => trials.Any(trial => trial.IsLater(test))).ToList();
        return later.Count == 0 ? "" : later.Count == tests.Count
            ? " Not a test of the suite: taken after the training by ablation evaluate."
            : $" Not tests of the suite: {string.Join(", ", later)}, taken after the training by ablation evaluate.";
    }

    private static string Published(IReadOnlyList<ResultRow> rows)
    {
        var quoted = rows.SelectMany(row => row.Cells).Select(cell => cell.Published).OfType<PublishedFigure>().ToList();
        if (quoted.Count == 0) return "";
        var sets = quoted.Select(figure => figure.TrainSet).Where(set => set.Length > 0).Distinct().ToList();
        return $" Grey: published figures{(sets.Count > 0 ? $", trained on {string.Join(" and ", sets)}" : "")} " +
            $"({string.Join("; ", quoted.Select(figure => figure.Source).Distinct())}); each from one run, without an interval.";
    }
}
