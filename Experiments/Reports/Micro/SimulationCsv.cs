using Ablation.Benchmarks;
using CsvHelper;

namespace Ablation.Experiments.Reports.Micro;

/// <summary>A simulated case with what the procedure said of it.</summary>
public sealed record SimulationRow(SimulatedCase Case, SimulatedRates Rates);

/// <summary>Reads and writes statistics.csv: raw numbers that read back bit for bit, "n/a" for a missing one.</summary>
public static class SimulationCsv
{
    private const string Missing = "n/a";

    private static readonly string[] Columns =
    [
        "scatter", "losses", "seeds", "difference", "margin", "people_deviation", "tables", "any_false", "found", "alone_covers",
        "shown_equal", "people_covers",
    ];

    public static string Write(IReadOnlyList<SimulationRow> rows)
    {
        using var text = new StringWriter();
        using (var csv = CsvWriter.Create(text, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true))
        {
            csv.WriteHeader(Columns);
            foreach (var (one, rates) in rows.Select(row => (row.Case, row.Rates)))
            {
                csv.WriteRecord([
                    one.Scatter.ToString(), one.Losses.ToString(), one.Seeds.ToString(), Raw(one.Difference), Raw(one.Margin),
                    Raw(one.People), rates.Tables.ToString(), Raw(rates.AnyFalse), Raw(rates.Found), Raw(rates.AloneCovers),
                    Raw(rates.Equal), Raw(rates.PeopleCovers),
                ]);
            }
        }

        return text.ToString();
    }

    /// <exception cref="InvalidDataException">The file is invalid; the message names the line.</exception>
    public static IReadOnlyList<SimulationRow> Read(string path)
    {
        var rows = new List<SimulationRow>();
        var line = 0;
        try
        {
            foreach (var text in File.ReadLines(path))
            {
                var cells = text.Split(','); // numbers and names: no cell is quoted
                if (line++ == 0 && !cells.SequenceEqual(Columns))
                    throw new FormatException($"the header is not {string.Join(",", Columns)}");
                if (line > 1)
                    rows.Add(cells.Length == Columns.Length
                        ? Row(cells) : throw new FormatException($"{cells.Length} cells for {Columns.Length} columns"));
            }
        }
        catch (Exception e) when (e is FormatException or OverflowException or ArgumentException)
        {
            throw new InvalidDataException($"{path}({line}): {e.Message}; give a statistics.csv that bench statistics wrote", e);
        }

        return rows.Count > 0 ? rows : throw new InvalidDataException($"{path}: no row; give a statistics.csv that bench statistics wrote");
    }

    private static SimulationRow Row(string[] cells) => new(
        new SimulatedCase(Enum.Parse<Scatter>(cells[0]), int.Parse(cells[1]), int.Parse(cells[2]), double.Parse(cells[3]), Number(cells[4]),
            double.Parse(cells[5])),
        new SimulatedRates(int.Parse(cells[6]), double.Parse(cells[7]), Number(cells[8]), double.Parse(cells[9]), Number(cells[10]),
            Number(cells[11])));

    private static double? Number(string cell) => cell == Missing ? null : double.Parse(cell);

    private static string Raw(double? value) => value?.ToString("R") ?? Missing;
}
