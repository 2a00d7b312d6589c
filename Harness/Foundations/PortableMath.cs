namespace Ablation.Harness.Foundations;

/// <summary>
/// Computes elementary functions by + - * / alone. IEEE 754 defines those to the last bit, while C libraries differ in theirs. Pictures
/// that must be the same everywhere use only these and sqrt, which IEEE 754 defines too.
/// </summary>
public static class PortableMath
{
    private const double Ln2 = 0.693147180559945309417232121458;

    /// <summary>Sine of <paramref name="radians"/>; error below 1e-12 for |radians| under 100.</summary>
    public static double Sin(double radians)
    {
        var half = Math.Floor(radians / Math.PI + 0.5);
        var r = radians - half * Math.PI;
        var square = r * r;
        var sum = 0.0;
        for (var n = 19; n >= 3; n -= 2) sum = (1 + sum) * -square / (n * (n - 1));
        var sine = r * (1 + sum);
        return Math.Floor(half / 2) * 2 == half ? sine : -sine;
    }

    public static double Cos(double radians) => Sin(radians + Math.PI / 2);

    /// <summary>e to the power <paramref name="x"/>; relative error below 1e-13 for |x| under 700.</summary>
    public static double Exp(double x)
    {
        if (!(Math.Abs(x) <= 700)) throw new ArgumentOutOfRangeException(nameof(x), x, "must lie in -700 .. 700");
        var twos = Math.Floor(x / Ln2 + 0.5);
        var r = x - twos * Ln2;
        var sum = 1.0;
        for (var n = 15; n >= 1; n--) sum = 1 + sum * r / n;
        return sum * BitConverter.Int64BitsToDouble(((long)twos + 1023) << 52);
    }

    /// <summary>Natural logarithm of a positive, normal <paramref name="x"/>; error below 1e-13 relative to max(1, |result|).</summary>
    public static double Log(double x)
    {
        if (!double.IsNormal(x) || x < 0) throw new ArgumentOutOfRangeException(nameof(x), x, "must be positive and normal");
        var bits = BitConverter.DoubleToInt64Bits(x);
        var twos = (double)((bits >> 52) - 1023);
        var mantissa = BitConverter.Int64BitsToDouble((bits & 0x000FFFFFFFFFFFFF) | 0x3FF0000000000000);
        if (mantissa > 1.4142135623730951)
        {
            mantissa /= 2;
            twos += 1;
        }

        var s = (mantissa - 1) / (mantissa + 1); // log m = 2 artanh s
        var square = s * s;
        var sum = 0.0;
        for (var n = 23; n >= 1; n -= 2) sum = sum * square + 1.0 / n;
        return 2 * s * sum + twos * Ln2;
    }

    /// <summary>A positive <paramref name="x"/> to the power <paramref name="exponent"/>.</summary>
    public static double Pow(double x, double exponent) => Exp(exponent * Log(x));
}
