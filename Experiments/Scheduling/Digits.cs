using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Scheduling;

/// <summary>Numbers on the terminal, with as many digits as the page has.</summary>
internal static class Digits
{
    private const int Minute = 60, Hour = 3600, Day = 86400, MostDecimals = 6;

    /// <summary>Three significant digits: "0.295", "9.06", "23.1".</summary>
    public static string Loss(double loss)
    {
        if (!double.IsFinite(loss)) return $"{loss}";
        var whole = loss == 0 ? 0 : (int)Math.Floor(Math.Log10(Math.Abs(loss)));
        return loss.ToString($"F{Math.Clamp(2 - whole, 0, MostDecimals)}");
    }

    /// <summary>One decimal, without a sign: "91.4"; "n/a" for a missing value.</summary>
    /// <param name="share">0 to 1.</param>
    public static string Percent(double? share) => share is { } value ? OneDecimal(100 * value) : "n/a";

    /// <summary>"91.4", rounded half away from zero as on the page.</summary>
    public static string OneDecimal(double value) => DecimalText.Fixed(value, 1);

    /// <summary>A difference in points: "+1.4", "-0.3", "0.0".</summary>
    public static string Points(double points) => OneDecimal(points) is var text && points > 0 && text != "0.0" ? $"+{text}" : text;

    /// <summary>"41 s", "2.4 min", "1 h 12 min", "3.2 d".</summary>
    public static string Time(double seconds) => seconds switch
    {
        < 1.5 * Minute => $"{seconds:F0} s",
        < 59.95 * Minute => $"{seconds / Minute:F1} min",
        < 2 * Day => $"{(int)(seconds + Minute / 2) / Hour} h {(int)(seconds + Minute / 2) % Hour / Minute} min",
        _ => $"{seconds / Day:F1} d",
    };
}
