using System.Text;
using Ablation.Experiments.Reports.Tables;
using Ablation.Harness.Foundations;
using Ablation.Harness.Statistics;
using CsvHelper;

namespace Ablation.Experiments.Reports.Pages;

/// <summary>
/// How much tuning a loss needs, from the tuning.csv of one search or of several: the expected best validation figure of n random
/// configurations, and how many come within a point of the best of their search. Each search has people, and so a level, of its own:
/// several are averaged.
/// </summary>
public sealed class EaseBlock : IPageBlock
{
    private const double Chance = 0.5, Near = 0.01; // of accuracy and AUC; a point
    private static readonly int[] Shown = [1, 2, 3, 4, 6, 8, 11, 12];

    public string Name => "ease";

    public string Arguments => "FILES";

    public string Write(IReadOnlyList<string> arguments, string folder)
    {
        var path = Path.Combine(folder, arguments[0]);
        string[] files = [.. Directory.EnumerateFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        if (files.Length == 0) throw new InvalidDataException($"{arguments[0]}: no such file");
        var searches = files.Select(file => Draws(file).ToLookup(draw => draw.Loss, draw => draw.Value)).ToList();
        List<string> losses = [.. searches.SelectMany(search => search.Select(loss => loss.Key)).Distinct()];
        var counts = Shown.Where(n => losses.Exists(loss => n <= Of(loss).Min(values => values.Count))).ToList();
        var text = new StringBuilder("\n");
        var origin = $"{Of(losses[0])[0].Count} of each loss in {(files.Length == 1 ? "one search" : $"each of {files.Length} searches")}";
        text.Append($"Expected best validation figure in percent of n random configurations, from {origin}, with the 95 % interval over " +
            $"configurations where n is at most half of them{(files.Length == 1 ? "" : "; means over the searches")}.\n\n");
        text.Append($"| loss | {string.Join(" | ", counts.Select(n => $"best of {n}"))} | within a point of the best |\n");
        text.Append($"| --- |{string.Concat(Enumerable.Repeat(" ---: |", counts.Count + 1))}\n");
        foreach (var loss in losses)
        {
            var own = Of(loss);
            var (expected, bounds) = (ExpectedBest.Of(own),
                ExpectedBest.Intervals(own, new RandomStream(0, StreamPurpose.TuningBootstrap).NextBelow));
            text.Append($"| {loss} | {string.Join(" | ", counts.Select(n => Cell(expected, bounds, n)))} | " +
                $"{own.Sum(values => values.Count(value => value >= values.Max() - Near))} of {own.Sum(values => values.Count)} |\n");
        }

        return text.Append('\n').ToString();

        IReadOnlyList<IReadOnlyList<double>> Of(string loss) =>
            [.. searches.Select(search => (IReadOnlyList<double>)[.. search[loss]]).Where(values => values.Count > 0)];
    }

    private static string Cell(double[] expected, IReadOnlyList<(double Low, double High)?> bounds, int n)
    {
        if (n > expected.Length) return ValueFormat.Missing;
        var best = ValueFormat.Percent.Text(expected[n - 1]);
        return bounds[n - 1] is { } known
            ? $"{best} ({ValueFormat.Percent.Text(known.Low)} to {ValueFormat.Percent.Text(known.High)})" : best;
    }

    /// <summary>Returns the random configurations of the first round: the mean over the tuning seeds; chance for one that learnt nothing.
    /// Draw 0 is the suite's own, and one with a training that failed is not judged.</summary>
    private static IEnumerable<(string Loss, double Value)> Draws(string file)
    {
        var trainings = new List<(string Loss, string Draw, string State, double? Value)>();
        using var csv = CsvReader.Create(File.ReadAllBytes(file));
        csv.ReadHeader();
        while (csv.Read())
        {
            if (csv["round"].ToString() == "1" && csv["draw"].ToString() != "0")
                trainings.Add((csv["loss"].ToString(), csv["draw"].ToString(), csv["state"].ToString(),
                    double.TryParse(csv["validation"].ToString(), out var value) ? value : null));
        }

        return trainings.GroupBy(one => (one.Loss, one.Draw))
            .Where(draw => draw.All(one => one.State is not ("failed" or "not run" or "damaged")))
            .Select(draw => (draw.Key.Loss, draw.All(one => one.Value is not null) ? draw.Average(one => one.Value!.Value) : Chance));
    }
}
