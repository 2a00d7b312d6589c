namespace Ablation.Harness.Doctor;

/// <summary>How far a computed quantity is from the expected one.</summary>
/// <param name="Error">Relative; NaN where a value is NaN or the sizes differ.</param>
/// <param name="What">"gradient of proxies, tiled by libtorch".</param>
internal readonly record struct Deviation(double Error, string What)
{
    // a saturated softmax has gradients whose straight formulation rounds to nothing, in float64 too
    private const double SmallestNorm = 1e-4;

    /// <summary>Writes 3.1e-7.</summary>
    public static string Text(double error) => error.ToString("0.0e-0");

    public override string ToString() => $"{Text(Error)} ({What})";

    /// <summary>Returns the larger one; NaN is larger than any.</summary>
    public static Deviation Worst(Deviation one, Deviation other) => one.Error >= other.Error || double.IsNaN(one.Error) ? one : other;

    /// <summary>The norm of the difference over the expected norm.</summary>
    public static Deviation Between(ReadOnlySpan<double> actual, ReadOnlySpan<double> expected, string what)
    {
        if (actual.Length != expected.Length) return new Deviation(double.NaN, what);
        double square = 0, difference = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            square += expected[i] * expected[i];
            difference += (actual[i] - expected[i]) * (actual[i] - expected[i]);
        }

        return new Deviation(Math.Sqrt(difference) / Math.Max(SmallestNorm, Math.Sqrt(square)), what);
    }
}
