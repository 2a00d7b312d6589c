using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Suites;

/// <summary>
/// Lists the entries of a suite's tables that do not fit the suite. Names of tests and metrics come from scores, so the report checks them.
/// </summary>
internal static class TableRules
{
    public static IEnumerable<string> Problems(Suite suite)
    {
        var given = Labels.Of(suite.Losses);
        IReadOnlyList<string> losses = suite.Tune is null ? given : [.. given, .. given.Select(Labels.Tuned)];
        var rows = suite.Untrained ? [.. losses, Labels.Untrained] : losses;
        var conditions = suite.Conditions().Count > 0 ? ConditionNames.Build(suite).Values.ToList() : [];
        foreach (var table in suite.Tables ?? [])
        {
            var where = $"tables: \"{table.Title}\"";
            foreach (var row in table.Rows?.Where(row => !rows.Contains(row.Loss)) ?? [])
                yield return $"{where}: \"{row.Loss}\" is not one of the losses; {NearName.Hint(row.Loss, rows)}";
            if (table.Baseline is { } baseline && !losses.Contains(baseline))
                yield return $"{where}: the baseline \"{baseline}\" is not one of the losses; {NearName.Hint(baseline, losses)}";
            var named = table.Columns.Count(column => column.Condition is not null);
            if (named > 0 && named < table.Columns.Count)
                yield return $"{where}: only some columns name a condition; name one in all columns or in none";
            foreach (var column in table.Columns.Where(column => column.Condition is { } name && !conditions.Contains(name)))
                yield return $"{where}: no condition \"{column.Condition}\"; known: {string.Join("; ", conditions)}";
            foreach (var problem in OfPublished(table)) yield return $"{where}: {problem}";
        }
    }

    private static IEnumerable<string> OfPublished(TableOptions table)
    {
        var (rows, columns) = ((table.Rows ?? []).Select(row => row.Published).OfType<PublishedRow>()
            .ToList(), table.Columns.Select(column => column.Published).OfType<PublishedColumn>().ToList());
        if (table.Published is not { } name)
        {
            if (rows.Count + columns.Count > 0) yield return "rows or columns name published figures, the table does not; add published";
            yield break;
        }

        if (!PublishedFigures.Tables.Contains(name))
        {
            yield return $"published: no list \"{name}\"; known: {string.Join(", ", PublishedFigures.Tables)}";
            yield break;
        }

        var figures = PublishedFigures.All.Where(figure => figure.Table == name).ToList();
        foreach (var row in rows.Where(row => !PublishedFigures.Has(name, row)))
            yield return $"published: {name} has no {row.Loss} {row.Setting}; known: " +
                $"{string.Join("; ", figures.Select(figure => $"{figure.Loss} {figure.Setting}".Trim()).Distinct())}";
        foreach (var column in columns.Where(column => !PublishedFigures.Has(name, column)))
            yield return $"published: {name} has no {column.Backbone} {column.Benchmark} {column.Metric}; known: " +
                $"{string.Join("; ", figures.Select(figure => $"{figure.Backbone} {figure.Benchmark} {figure.Metric}").Distinct())}";
    }
}
