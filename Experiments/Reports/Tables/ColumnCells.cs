using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>A row of a column before it is a cell.</summary>
/// <param name="Collapsed">Seeds that diverged or stayed at chance.</param>
/// <param name="IsTrained">False for the untrained network, a reference that is compared with nothing.</param>
public sealed record SeedRow(IReadOnlyDictionary<int, double> Values, IReadOnlySet<int> Collapsed, bool IsTrained)
{
    /// <summary>Ids of the trials behind the values: a tuned row that kept its setting has those of the row as given.</summary>
    public string Trials { get; init; } = "";

    /// <summary>The values of seeds that did not collapse.</summary>
    public LossSeeds Steady => new(Values.Where(one => !Collapsed.Contains(one.Key)).ToDictionary(), Collapsed.Count);
}

/// <summary>Makes the cells of one column: means with intervals, and each loss against the baseline.</summary>
public static class ColumnCells
{
    /// <param name="baseline">Row that the others are compared with; below 0 for none.</param>
    /// <param name="primaryColumns">Of the table; at least 1.</param>
    /// <param name="margin">The practical margin as a share; null if none was declared.</param>
    public static IReadOnlyList<ResultCell> Build(IReadOnlyList<SeedRow> rows, int baseline, ResultColumn column, int primaryColumns,
        double? margin)
    {
        var steady = rows.Select(row => row.Steady).ToList();
        int[] own = [.. rows.Select((row, i) => row.Trials.Length == 0 ? i
            : rows.Index().First(other => other.Item.Trials == row.Trials).Index)];
        // the same trials again are no second loss: they are not tested, and lend no scatter
        var trained = Enumerable.Range(0, rows.Count).Where(row => rows[row].IsTrained && own[row] == row).ToList();
        var intervals = new Bounds?[rows.Count];
        foreach (var (row, interval) in trained.Zip(MeanInterval.Of([.. trained.Select(row => steady[row])], isShare: true)))
            intervals[row] = interval;
        foreach (var row in Enumerable.Range(0, rows.Count).Where(row => !rows[row].IsTrained))
            intervals[row] = MeanInterval.Of([steady[row]], isShare: true)[0];
        var compared = baseline < 0 ? [] : trained.Where(row => row != own[baseline]).ToList();
        var comparisons = compared.Count == 0 ? [] : ModeratedT.Compare(
            new ComparedColumn(steady[baseline], [.. compared.Select(row => steady[row])])
            {
                HigherIsBetter = column.HigherIsBetter,
                IsShare = true,
                IsPrimary = column.IsPrimary,
                PrimaryColumns = primaryColumns,
                Margin = margin,
            });
        return [.. rows.Select((_, row) => ResultCell.OfSeeds(steady[row]) with
        {
            Interval = intervals[own[row]],
            Comparison = compared.IndexOf(own[row]) is >= 0 and var at ? comparisons[at] : null,
        })];
    }
}
