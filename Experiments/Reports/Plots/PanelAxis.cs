namespace Ablation.Experiments.Reports.Plots;

/// <summary>A mark on an axis of a panel.</summary>
/// <param name="At">Units of the panel, or percent of its width.</param>
/// <param name="Text">Empty for a line without a number.</param>
public sealed record AxisTick(double At, string Text);

/// <summary>Maps values to places of a panel, linearly.</summary>
/// <param name="Start">Place of <paramref name="Low"/>.</param>
/// <param name="End">Place of <paramref name="High"/>; before <paramref name="Start"/> on an axis that rises.</param>
public sealed record PanelAxis(double Low, double High, double Start, double End)
{
    public double At(double value) => Start + (End - Start) * (value - Low) / (High - Low);

    /// <summary>Whether a value is on the axis.</summary>
    public bool Holds(double value) => value >= Low && value <= High;

    /// <summary>Returns the axis over a range, widened to round numbers.</summary>
    /// <param name="most">About how many steps.</param>
    public static PanelAxis Round(double low, double high, int most, double start, double end)
    {
        if (!(high > low)) (low, high) = (low - 0.5, low + 0.5); // one value, or none
        var step = Step(low, high, most);
        return new PanelAxis(step * Math.Floor(low / step + 1e-9), step * Math.Ceiling(high / step - 1e-9), start, end);
    }

    /// <summary>Returns marks at round numbers on the axis.</summary>
    /// <param name="signed">Whether numbers above 0 get a plus sign.</param>
    public IReadOnlyList<AxisTick> Ticks(int most, bool signed = false)
    {
        var step = Step(Low, High, most);
        var decimals = Math.Max(0, -(int)Math.Floor(Math.Log10(step) + 1e-9));
        var first = (int)Math.Ceiling(Low / step - 1e-9);
        var count = (int)Math.Floor(High / step + 1e-9) - first + 1;
        return [.. Enumerable.Range(first, Math.Max(0, count)).Select(i => new AxisTick(At(i * step), Number(i * step, decimals, signed)))];
    }

    /// <summary>Returns 1, 2 or 5 times a power of ten, so that a range has at most about this many steps.</summary>
    private static double Step(double low, double high, int most)
    {
        var least = (high - low) / most;
        var power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        return power * new[] { 1, 2, 5, 10 }.First(digit => digit * power >= least * (1 - 1e-9));
    }

    /// <summary>"-10", "+5", "0"; the minus is a true one, as wide as the plus.</summary>
    internal static string Number(double value, int decimals, bool signed)
    {
        var text = value.ToString("F" + decimals.ToString()).Replace('-', '−');
        return text.All(c => c is '0' or '.' or '−') ? text.TrimStart('−') : signed && value > 0 ? "+" + text : text;
    }
}
