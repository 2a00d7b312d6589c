using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace Ablation.Benchmarks;

/// <summary>
/// A column of BenchmarkDotNet's table, from the measurements beside the iterations. The built-in columns time whole iterations, which hold
/// several runs of a short case; these columns are per run.
/// </summary>
internal sealed class LossColumn(string name, string legend, Func<LossTiming, double?> value, string format) : IColumn
{
    /// <summary>Times, images per second, peak memory, and ratios to the two floors.</summary>
    public static readonly IColumn[] All =
    [
        new LossColumn("forward ms", "the value alone, median over the iterations", timing => timing.Forward, "F3"),
        new LossColumn("forward + backward ms", "the value and all gradients", timing => timing.ForwardBackward, "F3"),
        new LossColumn("with step ms", "also the step of the proxies' optimiser", timing => timing.Step, "F3"),
        new LossColumn("images/s", "batch over the median time of forward and backward", timing => timing.ImagesPerSecond, "F0"),
        new LossColumn("peak MiB", "most memory that forward and backward add", timing => timing.PeakBytes / 1048576.0, "F1"),
        new LossColumn("floor ms", "the unavoidable products through libtorch", timing => timing.Floor, "F3"),
        new LossColumn("ratio to floor", "forward and backward over the floor measured beside it", timing => timing.Ratio.Median, "F2"),
        new LossColumn("ratio to own floor", "over the same products by the fused kernels' multiplication",
            timing => timing.ForwardBackward / timing.OwnFloor, "F2"),
    ];

    public string Id => $"{nameof(LossColumn)}.{name}";

    public string ColumnName => name;

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => Array.IndexOf(All, this);

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public string Legend => legend;

    public bool IsAvailable(Summary summary) => true;

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
    {
        var one = Timing(benchmarkCase);
        var timing = LossTiming.FromReports(one, summary.Reports.Where(report => Timing(report.BenchmarkCase) == one));
        return timing is not null && value(timing) is { } number ? number.ToString(format) : "n/a";
    }

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

    internal static LossCase Timing(BenchmarkCase benchmarkCase) => (LossCase)benchmarkCase.Parameters[nameof(LossBenchmark.Case)];
}
