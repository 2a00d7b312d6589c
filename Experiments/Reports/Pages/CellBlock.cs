
namespace Ablation.Experiments.Reports.Pages;

/// <summary>A cell of a stored report with the meaning of each of its parts: the first figure in the row of a loss.</summary>
public sealed class CellBlock : IPageBlock
{
    public string Name => "cell";

    public string Arguments => "REPORT LOSS";

    public string Write(IReadOnlyList<string> arguments, string folder)
    {
        var (report, loss) = (arguments[0], arguments[1]);
        var lines = File.ReadAllLines(Path.Combine(folder, report));
        var row = Array.FindIndex(lines, line => line.StartsWith($"| {loss} |", StringComparison.Ordinal));
        if (row < 0) throw new InvalidDataException($"{report} has no row of {loss}");
        var head = lines[Array.FindLastIndex(lines, row, line => line.StartsWith("| loss |", StringComparison.Ordinal))].Split(" | ")[1]
            .Replace("<br>", ", ", StringComparison.Ordinal);
        string[] parts = [.. lines[row].Split(" | ")[1].Split("<br>")
            .Select(part => part.Replace("<sub>", "", StringComparison.Ordinal).Replace("</sub>", "", StringComparison.Ordinal))];
        var (mean, half) = Two(parts[0], " ± ", report, loss);
        var (deviation, count) = Two(parts.ElementAtOrDefault(1), ", ", report, loss);
        var (difference, rest) = Two(parts.ElementAtOrDefault(2), " ± ", report, loss);
        var (interval, verdict) = Two(rest, " ", report, loss);
        return $"""

            ```text
            {string.Join('\n', parts)}
            ```

            This is {loss} under "{head}" in [{report}]({report}).

            | part | meaning |
            | --- | --- |
            | {mean} | mean over seeds, in percent |
            | ± {half} | half of the 95 % interval of that mean, with scatter borrowed from the other losses; left out with one seed |
            | {deviation} | sample deviation over seeds (n - 1 in the denominator); n/a with one seed |
            | {count} | seeds that have this figure |
            | {difference} | mean of the differences from the baseline, seed by seed, in percentage points |
            | ± {interval} | half of the 95 % interval of that difference, which holds for all losses of the column together |
            | {verdict} | the verdict; see "Significance" below |


            """.ReplaceLineEndings("\n");
    }

    private static (string First, string Second) Two(string? text, string separator, string report, string loss) =>
        text is not null && text.IndexOf(separator, StringComparison.Ordinal) is > 0 and var at
        ? (text[..at], text[(at + separator.Length)..])
            : throw new InvalidDataException(
                $"{report}: the first cell of {loss} does not have mean, interval, deviation, n, difference, interval and verdict; " +
                $"take a loss that is better or worse");
}
