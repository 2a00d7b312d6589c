using Ablation.Experiments.Reports.Tables;
using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports.Comparing;

/// <summary>A loss in one figure of one test, on both sides.</summary>
/// <param name="Comparison">B less A, paired by seed. Everything that is printed of the change is written from it.</param>
/// <param name="IsSameTrials">Whether the same trials stand behind both, so that nothing was repeated.</param>
public sealed record ComparedCell(string Loss, ResultCell A, ResultCell B, LossComparison Comparison, bool IsSameTrials);

/// <summary>A figure of a test.</summary>
/// <param name="Column">Primary for the headline, on which verdicts rest; the others are described.</param>
/// <param name="Cells">One per loss of both sides, in the order of A.</param>
public sealed record ComparedFigure(ResultColumn Column, IReadOnlyList<ComparedCell> Cells);

/// <summary>A test in one condition of both sides.</summary>
/// <param name="Condition">Its label; "A's label / B's label" where they differ.</param>
/// <param name="Place">The test, and the condition where there are several.</param>
/// <param name="Figures">The headline first.</param>
/// <param name="Problem">Why nothing is compared; null if it is.</param>
public sealed record ComparedTest(string Test, string Condition, string Place, IReadOnlyList<ComparedFigure> Figures, string? Problem)
{
    /// <summary>The figure that verdicts rest on; null if nothing is compared.</summary>
    public ComparedFigure? Headline => Figures.FirstOrDefault(figure => figure.Column.IsPrimary);
}
