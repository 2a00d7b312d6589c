using Ablation.Experiments.Reports.Plots;
using Ablation.Experiments.Suites;
using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Reports.Figures;

/// <summary>Titles of curves: the finding in numbers, read off the curves at the end of what is shown.</summary>
internal static class CurveTitle
{
    /// <param name="place">Test, and condition where there are several.</param>
    /// <param name="at">Where the curves are read.</param>
    /// <param name="finding">"{0} finds {1} %": of the subject, or else the best loss; the baseline's number follows.</param>
    /// <param name="otherwise">What is shown, where no loss has a number there.</param>
    public static string Of(string place, IReadOnlyList<Series> curves, double at, Emphasis emphasis, string finding, string otherwise)
    {
        var known = curves.Where(one => one.Name != Labels.Untrained).Select(one => (one.Name, Value: At(one, at)))
            .Where(one => double.IsFinite(one.Value)).ToList();
        var others = known.Where(one => one.Name != emphasis.Baseline).ToList();
        if (others.Count == 0) return $"{place}: {otherwise}";
        var first = others.Any(one => one.Name == emphasis.Subject) ? others.First(one => one.Name == emphasis.Subject)
            : others.MaxBy(one => one.Value);
        var baseline = known.Where(one => one.Name == emphasis.Baseline).Select(one => $", {one.Name} {Text(one.Value)} %");
        return $"{place}: {string.Format(finding, first.Name, Text(first.Value))}{string.Concat(baseline)}";
    }

    private static double At(Series one, double at)
    {
        var place = Array.FindLastIndex(one.X, x => x <= at * (1 + 1e-9));
        return place < 0 ? double.NaN : one.Y[place];
    }

    private static string Text(double share) => DecimalText.Fixed(100 * share, 1);
}
