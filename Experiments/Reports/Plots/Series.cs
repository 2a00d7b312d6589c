namespace Ablation.Experiments.Reports.Plots;

/// <summary>One line of a plot. NaN and infinities are gaps.</summary>
/// <param name="Name">The loss.</param>
/// <param name="Y">As long as <paramref name="X"/>, in raw units (shares, not percent).</param>
/// <param name="Low">Lower edge of a band or interval; requires <paramref name="High"/>.</param>
public sealed record Series(string Name, double[] X, double[] Y, double[]? Low = null, double[]? High = null)
{
    /// <summary>The loss whose style the line uses: by default its name; for a line of several losses, one of them.</summary>
    public string StyledAs { get; init; } = Name;

    public double[] Y { get; } = Y.Length == X.Length ? Y : throw Uneven(Name);

    public double[]? Low { get; } = (Low is null) == (High is null) && (Low is null || Low.Length == X.Length) ? Low : throw Uneven(Name);

    public double[]? High { get; } = High is null || High.Length == X.Length ? High : throw Uneven(Name);

    /// <summary>Returns the points whose x is chosen.</summary>
    public Series Where(Predicate<double> isChosen)
    {
        int[] kept = [.. Enumerable.Range(0, X.Length).Where(i => isChosen(X[i]))];
        double[]? Cut(double[]? values) => values is null ? null : [.. kept.Select(i => values[i])];
        return new Series(Name, Cut(X)!, Cut(Y)!, Cut(Low), Cut(High)) { StyledAs = StyledAs };
    }

    /// <summary>Returns the mean over seeds with the band from the lowest to the highest; a gap wherever a seed has no value.</summary>
    /// <param name="seeds">One array per seed, each as long as <paramref name="x"/>; a diverged seed has NaN after divergence.</param>
    public static Series OverSeeds(string name, double[] x, IReadOnlyList<double[]> seeds)
    {
        if (seeds.Any(seed => seed.Length != x.Length)) throw Uneven(name);
        bool IsKnown(int i) => seeds.Count > 0 && seeds.All(seed => double.IsFinite(seed[i]));
        double[] Each(Func<IEnumerable<double>, double> summary) =>
            [.. x.Select((_, i) => IsKnown(i) ? summary(seeds.Select(seed => seed[i])) : double.NaN)];
        return new Series(name, x, Each(Enumerable.Average), Each(Enumerable.Min), Each(Enumerable.Max));
    }

    private static ArgumentException Uneven(string name) =>
        new($"series \"{name}\": x, y and the band's edges have different lengths; give one of each per point");
}
