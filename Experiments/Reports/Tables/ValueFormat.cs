using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>Prints raw numbers in tables and scales them in plots. Numbers are rounded only here.</summary>
/// <param name="Scale">Factor before printing: 100 for a share printed in percent.</param>
/// <param name="Decimals">Digits after the point.</param>
/// <param name="Unit">"%", "images/s"; empty for none.</param>
public sealed record ValueFormat(double Scale, int Decimals, string Unit)
{
    /// <summary>Printed for a missing value.</summary>
    public const string Missing = "n/a";

    /// <summary>A share 0 .. 1 in percent with two decimals.</summary>
    public static ValueFormat Percent { get; } = new(100, 2, "%");

    /// <summary>A plain number.</summary>
    public static ValueFormat Number(int decimals, string unit = "") => new(1, decimals, unit);

    /// <summary>"97.23"; "n/a" for null, NaN and infinities.</summary>
    public string Text(double? value) => Print(value, "");

    /// <summary>"+0.12", "-0.12", "0.00"; "n/a" for null, NaN and infinities.</summary>
    public string Signed(double? value) => Print(value, "+");

    /// <summary>"accuracy (%)".</summary>
    public string Label(string name) => Unit.Length == 0 ? name : $"{name} ({Unit})";

    /// <summary>Whether it prints shares, with however many decimals.</summary>
    public bool IsPercent => Scale == Percent.Scale && Unit == Percent.Unit;

    /// <summary>The unit of a difference in a sentence: " points" for shares.</summary>
    public string OfDifference => IsPercent ? " points" : Unit.Length > 0 ? " " + Unit : "";

    /// <summary>A declared number in full: "0.5", whatever the decimals of the column.</summary>
    public string Exact(double? value) => value is { } number ? Math.Round(number * Scale, 9).ToString("0.######") : Missing;

    /// <summary>A published number: two decimals for a percentage, as tables of the field have.</summary>
    public string Quoted(double value) => (IsPercent ? Percent : this).Text(value);

    /// <summary>"94.58 %".</summary>
    public string WithUnit(double? value) => Text(value) + (Unit.Length > 0 && value is not null ? " " + Unit : "");

    /// <summary>Limits an axis of a plot to possible values: an interval may exceed 100 %, an axis should not.</summary>
    public double Clip(double limit) => IsPercent ? Math.Clamp(limit, 0, Scale) : limit;

    private string Print(double? value, string plus)
    {
        if (value is not { } number || !double.IsFinite(number)) return Missing;
        var text = DecimalText.Fixed(number * Scale, Decimals);
        return number > 0 && text.Any(c => c is >= '1' and <= '9') ? plus + text : text;
    }
}
