using System.Text;
using Ablation.Experiments.Reports.Tables;
using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports.Pages;

/// <summary>
/// Whether a setting of two values or the choice of the loss moves a figure more, test by test, from a CSV of <c>trials --csv</c>: the gain
/// of the setting, in every loss and seed by itself, beside the distance between the best and the worst loss. Every loss needs every seed.
/// </summary>
public sealed class FactorBlock : IPageBlock
{
    private static readonly ValueFormat Format = ValueFormat.Percent;

    public string Name => "factor";

    public string Arguments => "FILE FIGURE SETTING";

    private sealed record Trial(string Test, string Loss, int Seed, string Setting, double Value);

    public string Write(IReadOnlyList<string> arguments, string folder)
    {
        var (file, figure, setting) = (arguments[0], arguments[1], arguments[2]);
        List<Trial> trials = [.. MeasuredTrials.Read(Path.Combine(folder, file), file, ["loss", setting])
            .Where(line => line["metric"] == figure || line["metric"].StartsWith($"{figure} ", StringComparison.Ordinal))
            .Select(line => new Trial(line["test"], line["loss"], int.Parse(line["seed"]), line[setting], MeasuredTrials.Value(line)
                ?? throw new InvalidDataException($"{file}: {figure} of {line["loss"]}, seed {line["seed"]} is missing")))];
        string[] values = [.. trials.Select(trial => trial.Setting).Distinct().Order(StringComparer.Ordinal)];
        if (values.Length != 2)
            throw new InvalidDataException($"{file}: {setting} of {figure} has the values {string.Join(", ", values)}; two are compared");
        List<string> losses = [.. trials.Select(trial => trial.Loss).Distinct()];
        var text = new StringBuilder("\n");
        var name = setting[(setting.LastIndexOf('.') + 1)..];
        text.Append($"Gains in points from {name} {values[0]} to {values[1]}: the mean over {losses.Count} losses, with its 95 % " +
            $"interval over {ComparisonWords.Seeds(trials.Select(trial => trial.Seed).Distinct().Count())}, and the losses that gain " +
            "least and most. Best less worst: of the means of the losses over seeds.\n\n");
        string[] heads = ["test", $"mean, {values[0]}", "gain", "least", "most", .. values.Select(value => $"best less worst, {value}")];
        text.Append($"| {string.Join(" | ", heads)} |\n");
        text.Append($"| --- |{string.Concat(Enumerable.Repeat(" ---: |", 6))}\n");
        foreach (var test in trials.GroupBy(trial => trial.Test))
            text.Append($"| {test.Key} | {string.Join(" | ", Cells([.. test], losses, values, $"{file}: {test.Key}"))} |\n");
        return text.Append('\n').ToString();
    }

    private static string[] Cells(List<Trial> trials, List<string> losses, string[] values, string place)
    {
        int[] seeds = [.. trials.Select(trial => trial.Seed).Distinct().Order()];
        var known = trials.ToDictionary(trial => (trial.Loss, trial.Seed, trial.Setting), trial => trial.Value);
        if (known.Count != losses.Count * seeds.Length * values.Length)
            throw new InvalidDataException(
                $"{place}: {known.Count} values for {losses.Count} losses, {seeds.Length} seeds and two settings");
        var gains = losses.ToDictionary(loss => loss, loss => seeds.Average(seed => Gain(loss, seed)));
        var mean = StudyInterval.Of([seeds.ToDictionary(seed => seed, seed => losses.Average(loss => Gain(loss, seed)))]);
        var (least, most) = (gains.MinBy(gain => gain.Value), gains.MaxBy(gain => gain.Value));
        return
        [
            Format.Text(trials.Where(trial => trial.Setting == values[0]).Average(trial => trial.Value)),
            mean is null ? ValueFormat.Missing
                : $"{Format.Signed(mean.Mean)} ({Format.Signed(mean.Interval.Low)} to {Format.Signed(mean.Interval.High)})",
            $"{Format.Signed(least.Value)} ({least.Key})", $"{Format.Signed(most.Value)} ({most.Key})", .. values.Select(Spread),
        ];

        double Gain(string loss, int seed) => known[(loss, seed, values[1])] - known[(loss, seed, values[0])];

        string Spread(string value)
        {
            var means = losses.ToDictionary(loss => loss, loss => seeds.Average(seed => known[(loss, seed, value)]));
            var (worst, best) = (means.MinBy(one => one.Value), means.MaxBy(one => one.Value));
            return $"{Format.Text(best.Value - worst.Value)} ({best.Key}, {worst.Key})";
        }
    }
}
