namespace Ablation.Harness.Foundations;

/// <summary>Numbers with a fixed count of decimals, rounded half away from zero, wherever they are printed.</summary>
public static class DecimalText
{
    private const int Kept = 10; // decimals, before the last rounding
    private const double Largest = 1e12; // that has as many decimals left in a double

    /// <summary>"94.13"; a number that rounds to zero has no sign.</summary>
    public static string Fixed(double value, int decimals)
    {
        var text = Rounded(value, decimals).ToString($"F{decimals}");
        return text.All(c => c is '-' or '0' or '.') ? text.TrimStart('-') : text;
    }

    /// <summary>100 x 0.94125 is 94.12499999999999 in binary, which ten decimals make 94.125 again; that rounds to 94.13.</summary>
    private static double Rounded(double value, int decimals) => Math.Abs(value) < Largest
        ? (double)Math.Round(Math.Round((decimal)value, Kept), decimals, MidpointRounding.AwayFromZero) : value;
}
