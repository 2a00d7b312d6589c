using System.Text;
using Ablation.Benchmarks;
using Ablation.Experiments.Reports.Micro;

namespace Ablation.Experiments.Reports.Pages;

/// <summary>A table from a statistics.csv of <c>bench statistics</c>: level (false verdicts), alone (coverage of one interval), found,
/// equal or people.</summary>
public sealed class StatisticsBlock : IPageBlock
{
    public string Name => "statistics";

    public string Arguments => "FILE TABLE";

    public string Write(IReadOnlyList<string> arguments, string folder)
    {
        var rows = SimulationCsv.Read(Path.Combine(folder, arguments[0]));
        var plain = rows.Where(row => row.Case is { Difference: 0, Margin: null, People: 0 }).ToList();
        return "\n" + arguments[1] switch
        {
            "level" => Grid(plain, "losses", row => row.Case.Losses.ToString(), row => Words(row.Case.Scatter),
                rates => Share(rates.AnyFalse)),
            "alone" => Grid(plain, "losses", row => row.Case.Losses.ToString(), row => Words(row.Case.Scatter),
                rates => Share(rates.AloneCovers)),
            "found" => Grid(rows.Where(row => row.Rates.Found is not null), "losses, seeds",
                row => $"{row.Case.Losses}, {row.Case.Seeds}", row => row.Case.Difference.ToString(), rates => Share(rates.Found)),
            "equal" => Grid(rows.Where(row => row.Rates.Equal is not null), "seeds", row => row.Case.Seeds.ToString(),
                row => row.Case.Margin.ToString()!, rates => Share(rates.Equal)),
            "people" => Grid(rows.Where(row => row.Rates.PeopleCovers is not null), "deviation over people",
                row => row.Case.People.ToString(), _ => "seeds and people", rates => Share(rates.PeopleCovers)),
            var other => throw new InvalidDataException($"no table \"{other}\"; known: level, alone, found, equal, people"),
        } + "\n";
    }

    /// <summary>Writes a table; a cell has the figures of all its cases, by seeds.</summary>
    private static string Grid(IEnumerable<SimulationRow> rows, string corner, Func<SimulationRow, string> row,
        Func<SimulationRow, string> column, Func<SimulatedRates, string> figure)
    {
        var all = rows.ToList();
        List<string> columns = [.. all.Select(column).Distinct()];
        var text = new StringBuilder($"| {corner} | {string.Join(" | ", columns)} |\n");
        text.Append($"| --- |{string.Concat(columns.Select(_ => " --- |"))}\n");
        foreach (var line in all.GroupBy(row))
        {
            text.Append($"| {line.Key} |");
            foreach (var name in columns)
                text.Append($" {string.Join(" ", line.Where(one => column(one) == name).Select(one => figure(one.Rates)))} |");
            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>".047".</summary>
    private static string Share(double? share) => share?.ToString(".000") ?? "n/a";

    private static string Words(Scatter scatter) => scatter switch
    {
        Scatter.Equal => "equal",
        Scatter.Measured => "measured",
        Scatter.TimesFour => "x 4",
        Scatter.LoudLoss => "loud loss",
        Scatter.LoudBaseline => "loud baseline",
        Scatter.QuietBaseline => "quiet baseline",
        Scatter.Families => "families",
        Scatter.HeavyTails => "heavy tails",
        _ => throw new ArgumentOutOfRangeException(nameof(scatter), scatter, "no words for this scatter"),
    };
}
