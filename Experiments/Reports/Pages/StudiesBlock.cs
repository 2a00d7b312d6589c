using System.Text;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Suites;
using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports.Pages;

/// <summary>
/// Losses as given and as tuned, from the CSVs of one suite that tunes or of several that repeat it: each study's mean, what tuning gave,
/// and the difference from the tuned baseline.
/// </summary>
public sealed class StudiesBlock : IPageBlock
{
    public string Name => "studies";

    public string Arguments => "FILES FIGURE BASELINE";

    public string Write(IReadOnlyList<string> arguments, string folder)
    {
        var (files, figure, baseline) = (arguments[0], arguments[1], arguments[2]);
        if (!MeasuredStudies.Exist(folder, files)) throw new InvalidDataException($"{files}: no such file");
        var studies = new MeasuredStudies(folder, files, new MeasuredFigure(figure));
        List<string> losses = [.. studies.Losses.Where(MeasuredStudies.IsTuned)];
        if (!losses.Contains(Labels.Tuned(baseline)))
            throw new InvalidDataException($"{files}: no row {Labels.Tuned(baseline)}; there are {string.Join(", ", losses)}");
        List<string> others = [.. losses.Where(loss => loss != Labels.Tuned(baseline))];
        var against = studies.Against(Labels.Tuned(baseline), others).ToDictionary(one => one.Loss, one => one.Short);
        var text = new StringBuilder("\n");
        var tuned = Enumerable.Range(1, studies.Count).Select(study => studies.Count == 1 ? "tuned" : $"tuned, study {study}");
        text.Append($"{studies.Test}: {figure} ({studies.Estimator}), n = {studies.N}, in percent: mean ± deviation (seeds). " +
            $"Differences in points with their 95 % interval; those from {baseline} hold together.\n\n");
        text.Append($"| loss | as given | {string.Join(" | ", tuned)} | tuned less given | tuned less {baseline} tuned |\n");
        text.Append($"| --- |{string.Concat(Enumerable.Repeat(" ---: |", studies.Count + 3))}\n");
        foreach (var loss in losses)
        {
            var given = MeasuredStudies.AsGiven(loss);
            var isOwn = Enumerable.Range(0, studies.Count).All(study => studies.IsOwnSetting(study, loss));
            var own = isOwn ? "the same setting" : studies.Against(given, [loss])[0].Short;
            var cells = Enumerable.Range(0, studies.Count)
                .Select(study => studies.IsOwnSetting(study, loss) ? "as given" : Cell(studies.Of(study, loss)));
            text.Append($"| {given} | {Cell(studies.Of(0, given))} | {string.Join(" | ", cells)} | {own} | " +
                $"{against.GetValueOrDefault(loss, "")} |\n");
        }

        return text.Append('\n').ToString();
    }

    private static string Cell(LossSeeds seeds)
    {
        var collapsed = seeds.Collapsed > 0 ? $", {seeds.Collapsed} collapsed" : "";
        if (seeds.Values.Count == 0) return $"{ValueFormat.Missing}{collapsed}";
        var sample = Sample.Summarise([.. seeds.Values.Values]);
        var deviation = seeds.Values.Count > 1 ? $" ± {ValueFormat.Percent.Text(sample.Deviation)}" : "";
        return $"{ValueFormat.Percent.Text(sample.Mean)}{deviation} ({seeds.Values.Count}{collapsed})";
    }
}
