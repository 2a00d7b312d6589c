using Ablation.Experiments.Reports.Micro;
using Ablation.Experiments.Reports.Page;

namespace Ablation.Experiments.Reports.Pages;

/// <summary>The table of one shape from a losses.csv of <c>bench losses</c>, whose rows must not contradict each other.</summary>
public sealed class LossesBlock : IPageBlock
{
    public string Name => "losses";

    public string Arguments => "FILE CLASSES BATCH";

    public string Write(IReadOnlyList<string> arguments, string folder)
    {
        var rows = MicroCsv.Read(Path.Combine(folder, arguments[0]));
        BenchConsistency.Refuse(BenchConsistency.Contradictions(rows), "bench losses");
        var (classes, batch) = (int.Parse(arguments[1]), int.Parse(arguments[2]));
        var shape = rows.Where(row => row.Key.Classes == classes && row.Key.Batch == batch).ToList();
        if (shape.Count == 0) throw new InvalidDataException($"{arguments[0]} has no row of C = {classes}, B = {batch}");
        var origin = $"C = {classes}, B = {batch}, D = {string.Join(", ", shape.Select(row => row.Key.Dimension).Distinct())}, "
            + $"{string.Join(" and ", shape.Select(row => row.Key.Threads).Distinct())} threads, " +
                $"{string.Join(" and ", shape.Select(row => row.Ratio.Count).Distinct())} iterations, commit " +
                $"{string.Join(", ", shape.Select(row => row.Commit).Distinct())}.";
        return $"\n{origin}\n\n{MarkdownWriter.Write(MicroReport.Table(shape))}\n";
    }
}
