namespace Ablation.Experiments.Reports.Plots;

/// <summary>Places the labels at the ends of lines so that none lies on another.</summary>
public static class EndLabels
{
    /// <summary>Least distance of two labels' middles, in units: a line of text of 11.5 to 13 units.</summary>
    public const double Gap = 15.5;

    /// <summary>
    /// Returns a place for each label, in the order of the ends of their lines: as near to its end as the others allow. A label never
    /// leaves
    /// <paramref name="bottom"/>; if there are more than fit, the first leave <paramref name="top"/>, so make the panel higher first.
    /// </summary>
    /// <param name="ends">Rising.</param>
    public static double[] Place(IReadOnlyList<double> ends, double top, double bottom, double gap = Gap)
    {
        var places = new double[ends.Count];
        for (var i = 0; i < places.Length; i++) places[i] = Math.Max(ends[i], i == 0 ? top : places[i - 1] + gap);
        for (var i = places.Length - 1; i >= 0; i--) places[i] = Math.Min(places[i], i == places.Length - 1 ? bottom : places[i + 1] - gap);
        return places;
    }
}
