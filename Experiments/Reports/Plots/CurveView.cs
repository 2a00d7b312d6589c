using Ablation.Experiments.Suites;

namespace Ablation.Experiments.Reports.Plots;

/// <summary>The part of a horizontal axis that a panel shows.</summary>
/// <param name="Map">Of a value to the axis: a logarithm.</param>
/// <param name="Label">Of the axis, with what kind it is: "FAR (log)".</param>
public sealed record CurveView(Func<double, double> Map, double From, double To, string Label,
    IReadOnlyList<(double Value, string Text)> Ticks)
{
    private const double UsualFar = 1e-3, HighestFar = 0.1;
    private const double AllAccepted = 0.99;
    private const int Impostors = 10; // at the lowest rate shown, so that a step of the curve is a tenth of it
    private static readonly int[] Ranks = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

    /// <summary>
    /// Returns FAR from 0.1 to 10 %: where losses of small sets part. Lower where the pairs reach, and only up to 1 % where all losses then
    /// accept nearly everyone.
    /// </summary>
    /// <param name="series">X from the smallest rate that the pairs can measure.</param>
    public static CurveView Far(IReadOnlyList<Series> series)
    {
        var least = series.Where(one => one.X.Length > 0).Select(one => one.X[0]).DefaultIfEmpty(UsualFar).Max();
        var from = Math.Max(Decade(least), Math.Min(UsualFar, Decade(Impostors * least)));
        if (from >= HighestFar) from = HighestFar / 10;
        var trained = series.Where(one => one.Name != Labels.Untrained && one.X.Length > 0).ToList();
        var to = from < HighestFar / 100 && trained.Count > 0 && trained.All(one => At(one, HighestFar / 10) > AllAccepted)
            ? HighestFar / 10 : HighestFar;
        return new CurveView(Math.Log10, from, to, "FAR (log)", Rates);
    }

    /// <summary>Returns every rate from the lowest that the pairs can measure.</summary>
    public static CurveView AllRates(double lowest) => new(Math.Log10, lowest, 1, "FAR (log)", Rates);

    /// <summary>"10 %", "0.1 %", "1e−5".</summary>
    public static string Percent(double rate) =>
        Rates.FirstOrDefault(known => Math.Abs(known.Item1 / rate - 1) < 1e-9).Item2 ?? $"{100 * rate:0.###} %";

    public static bool IsLabelledRank(double rank) => Array.IndexOf(Ranks, (int)rank) >= 0;

    /// <summary>
    /// Returns the axis of shares in percent over what is in view: from 0, unless all values are far above it, to the next round number
    /// above them. The untrained network sets no scale.
    /// </summary>
    /// <param name="series">Cut to what is in view.</param>
    public PanelAxis Shares(IReadOnlyList<Series> series, double start = 0, double end = 1)
    {
        var values = Known(series.Where(one => one.StyledAs != Labels.Untrained));
        if (values.Count == 0) values = Known(series);
        var (low, high) = values.Count == 0 ? (0, 100) : (values.Min(), values.Max());
        if (low < high / 2) low = 0;
        var axis = PanelAxis.Round(low, high, 6, start, end);
        return axis with { Low = Math.Max(0, axis.Low), High = Math.Min(100, axis.High) };

        List<double> Known(IEnumerable<Series> of) => [.. of.SelectMany(one => one.Y).Where(double.IsFinite).Select(share => 100 * share)];
    }

    /// <summary>Returns FAR up to 50 %, for differences: there all curves meet again.</summary>
    public CurveView UpToHalf() => this with { To = 0.5 };

    /// <param name="most">Largest rank.</param>
    public static CurveView Rank(double most) =>
        new(Math.Log10, 1, Math.Max(2, most), "rank (log)", [.. Ranks.Select(rank => ((double)rank, rank.ToString()))]);

    /// <summary>Whether a value is in view; powers of ten are not exact.</summary>
    public bool Holds(double value) => value >= From * (1 - 1e-9) && value <= To * (1 + 1e-9);

    private static IReadOnlyList<(double, string)> Rates { get; } =
    [
        .. Enumerable.Range(-8, 5).Select(decade => (Math.Pow(10, decade), $"1e−{-decade}")),
        (0.001, "0.1 %"), (0.01, "1 %"), (0.1, "10 %"), (0.5, "50 %"), (1, "100 %"),
    ];

    /// <summary>Returns the decade at or above a rate.</summary>
    private static double Decade(double rate) => Math.Pow(10, Math.Ceiling(Math.Log10(rate) - 1e-9));

    private static double At(Series one, double x) => one.Y[Math.Min(one.X.Length - 1, Array.FindIndex(one.X, value => value >= x) is var at
        && at >= 0 ? at : one.X.Length - 1)];
}
