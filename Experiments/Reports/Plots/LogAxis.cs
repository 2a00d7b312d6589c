using ScottPlot;
using ScottPlot.TickGenerators;

namespace Ablation.Experiments.Reports.Plots;

/// <summary>Axes with logarithms as coordinates and the numbers themselves as labels.</summary>
internal static class LogAxis
{
    /// <summary>Returns log10 of a positive number; a gap otherwise.</summary>
    public static double Log10(double value) => value > 0 ? Math.Log10(value) : double.NaN;

    /// <summary>
    /// Labels decades as 1e-4, 1e-3 .. (0.001 .. 10000 in full if <paramref name="plain"/>), with ticks at 2 .. 9 between them.
    /// </summary>
    public static void Decades(IAxis axis, double lowest, double highest, bool plain = false)
    {
        var ticks = new NumericManual();
        var (first, last) = ((int)Math.Floor(lowest), (int)Math.Ceiling(highest));
        var few = highest - lowest < 1.5; // hardly more than a decade: 2 and 5 get labels too
        for (var decade = first; decade <= last; decade++)
        {
            ticks.AddMajor(decade, Label(1, decade, plain));
            for (var digit = 2; digit <= 9; digit++)
            {
                var at = decade + Math.Log10(digit);
                if (few && digit is 2 or 5) ticks.AddMajor(at, Label(digit, decade, plain));
                else ticks.AddMinor(at);
            }
        }

        axis.TickGenerator = ticks;
        axis.MinorTickStyle.Length = 3;
    }

    private static string Label(int digit, int decade, bool plain) => plain && decade is >= -3 and <= 4
        ? ((decimal)digit * (decimal)Math.Pow(10, decade)).ToString("0.####")
        : $"{digit}e{decade}";
}
