using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Ablation.Experiments.Suites;

/// <summary>The difference in a metric that makes no difference in practice, said before the run.</summary>
public sealed record PracticalMargin
{
    [Description("metric: accuracy, TAR@FAR=1e-3")]
    public required string Metric { get; init; }

    [Description("differences below it count as equal, in percentage points")]
    [Range(0.0, 100.0, MinimumIsExclusive = true)]
    public required double Points { get; init; }
}
