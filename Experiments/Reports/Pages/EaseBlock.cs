using System.Text;
using Ablation.Experiments.Reports.Tables;
using Ablation.Harness.Foundations;
using Ablation.Harness.Statistics;
using CsvHelper;

namespace Ablation.Experiments.Reports.Pages;

/// <summary>
/// How much tuning a loss needs, from the tuning.csv of one search or of several: the expected best validation figure of n random
/// configurations, and how many come within a point of the best. Of several searches the configurations are pooled.
/// </summary>
public sealed class EaseBlock : IPageBlock
{
    private const double Chance = 0.5, Near = 0.01; // of accuracy and AUC; a point
    private static readonly int[] Shown = [1, 2, 3, 4, 6, 8, 12];

    public string Name => "ease";

    public string Arguments => "FILES";

    public string Write(IReadOnlyList<string> arguments, string folder)
    {
        var path = Path.Combine(folder, arguments[0]);
        string[] files = [.. Directory.EnumerateFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        if (files.Length == 0) throw new InvalidDataException($"{arguments[0]}: no such file");
        var losses = files.SelectMany(Draws).GroupBy(draw => draw.Loss)
            .Select(loss => (Loss: loss.Key, Values: loss.Select(draw => draw.Value).ToList())).ToList();
        List<int> counts = [.. Shown.Where(n => losses.Exists(loss => n <= loss.Values.Count))];
        var text = new StringBuilder("\n");
        var origin = $"{losses.Max(loss => loss.Values.Count)} of each loss in {files.Length} {(files.Length == 1 ? "search" : "searches")}";
        text.Append($"Expected best validation figure in percent of n random configurations, from {origin}, with the 95 % interval over " +
            "configurations where n is at most half of them.\n\n");
        text.Append($"| loss | {string.Join(" | ", counts.Select(n => $"best of {n}"))} | within a point of the best |\n");
        text.Append($"| --- |{string.Concat(Enumerable.Repeat(" ---: |", counts.Count + 1))}\n");
        foreach (var (loss, values) in losses)
        {
            var expected = ExpectedBest.Of(values);
            var bounds = ExpectedBest.Intervals(values, new RandomStream(0, StreamPurpose.TuningBootstrap).NextBelow);
            text.Append($"| {loss} | {string.Join(" | ", counts.Select(n => Cell(expected, bounds, n)))} | " +
                $"{values.Count(value => value >= values.Max() - Near)} of {values.Count} |\n");
        }

        return text.Append('\n').ToString();
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
