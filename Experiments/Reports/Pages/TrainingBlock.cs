using Ablation.Experiments.Reports.Micro;
using Ablation.Experiments.Reports.Page;

namespace Ablation.Experiments.Reports.Pages;

/// <summary>The tables of a training.csv of <c>bench train</c>, network by network; its rows must not contradict themselves.</summary>
public sealed class TrainingBlock : IPageBlock
{
    public string Name => "training";

    public string Arguments => "FILE";

    public string Write(IReadOnlyList<string> arguments, string folder)
    {
        var rows = TrainCsv.Read(Path.Combine(folder, arguments[0]));
        if (rows.Count == 0) throw new InvalidDataException($"{arguments[0]} has no row");
        BenchConsistency.Refuse(BenchConsistency.Contradictions(rows), "bench train");
        var origin =
            $"Training faces: {string.Join(", ", rows.Select(row => row.Timing.Source).Distinct())}; " +
            $"{string.Join(" and ", rows.Select(row => row.Timing.Rounds).Distinct())} rounds, commit " +
            $"{string.Join(", ", rows.Select(row => row.Commit).Distinct())}.";
        return $"\n{origin}\n{string.Concat(rows.GroupBy(row => row.Case.Network).Select(network => Tables(network.Key, [.. network])))}\n";
    }

    private static string Tables(string network, IReadOnlyList<TrainRow> rows) =>
        $"\n**{network}**\n\n{MarkdownWriter.Write(TrainReport.Speeds(rows))}\n{MarkdownWriter.Write(TrainReport.Parts(rows))}";
}
