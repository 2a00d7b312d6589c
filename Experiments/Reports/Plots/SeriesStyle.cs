using Ablation.Experiments.Identity;
using ScottPlot;

namespace Ablation.Experiments.Reports.Plots;

/// <summary>How a plot draws one line: whose it is, and how thick.</summary>
public sealed record SeriesStyle(LossStyle Identity, float LineWidth)
{
    /// <summary>On white, which plots of files always are.</summary>
    public Color Color => Color.FromHex(Identity.Hue.Light);
}
