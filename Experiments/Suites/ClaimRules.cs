namespace Ablation.Experiments.Suites;

/// <summary>Lists what is wrong with a suite's claim, its practical margins, and the primary columns and means of its tables.</summary>
internal static class ClaimRules
{
    public static IEnumerable<string> Problems(Suite suite)
    {
        if (suite.Claim is { } claim)
        {
            var labels = Labels.Of(suite.Losses);
            string[] known = suite.Tune is null ? [.. labels] : [.. labels, .. labels.Select(Labels.Tuned)];
            if (!known.Contains(claim.Subject))
                yield return $"claim: \"{claim.Subject}\" is not one of the losses; known: {string.Join(", ", known)}";
            else if (claim.Subject == suite.BaselineLabel())
                yield return $"claim: \"{claim.Subject}\" is the baseline, with which it is compared; name another of the two";
            if (suite.Tables is { Count: > 0 } tables
                && tables.All(table => table.Rows is { } rows && rows.All(row => row.Loss != claim.Subject)))
                yield return $"claim: no table has a row for \"{claim.Subject}\"; add one";
        }

        foreach (var same in (suite.Practical ?? []).GroupBy(margin => margin.Metric).Where(same => same.Count() > 1))
            yield return $"practical: {same.Key} is given twice; give one margin per metric";
        foreach (var table in suite.Tables ?? [])
        {
            foreach (var problem in OfTable(table)) yield return $"tables: \"{table.Title}\": {problem}";
        }
    }

    private static IEnumerable<string> OfTable(TableOptions table)
    {
        List<string> columns = [.. table.Columns.Select(column => column.Heading)];
        if (table.Mean is { } mean)
        {
            if (columns.Contains(mean.Name)) yield return $"mean: a column is called \"{mean.Name}\" too; give it another name";
            foreach (var problem in Unclear(mean.Of, columns)) yield return $"mean: {problem}";
            if (mean.Of.Count < 2) yield return "mean: a mean needs two columns or more";
            var metrics = table.Columns.Where(column => mean.Of.Contains(column.Heading)).Select(column => column.Metric).Distinct()
                .ToList();
            if (metrics.Count > 1)
                yield return $"mean: {string.Join(" and ", metrics)} are not on one scale; take columns of one metric";
            columns.Add(mean.Name);
        }

        foreach (var problem in Unclear(table.Primary ?? [], columns)) yield return $"primary: {problem}";
    }

    private static IEnumerable<string> Unclear(IReadOnlyList<string> names, List<string> columns)
    {
        foreach (var name in names.Where(name => !columns.Contains(name)))
            yield return $"no column \"{name}\"; known: {string.Join("; ", columns)}";
        foreach (var name in names.Where(name => columns.Count(column => column == name) > 1))
            yield return $"two columns are called \"{name}\"; give them names";
    }
}
