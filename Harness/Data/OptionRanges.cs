using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Ablation.Losses;

namespace Ablation.Harness.Data;

/// <summary>Holds options that were built in code to the ranges that their properties declare.</summary>
internal static class OptionRanges
{
    /// <exception cref="DataProblem">A number lies outside its <see cref="RangeAttribute"/>, or is none.</exception>
    public static T Checked<T>(T options) where T : class
    {
        foreach (var property in options.GetType().GetProperties())
        {
            if (property.GetCustomAttribute<RangeAttribute>() is not { } range) continue;
            var value = Convert.ToDouble(property.GetValue(options), CultureInfo.InvariantCulture);
            var low = Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture);
            var high = Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture);
            if (value >= low && value <= high) continue;
            throw new DataProblem($"{Catalog.NameOf(options)}.{property.Name}", FormattableString.Invariant($"{value} is out of range"),
                FormattableString.Invariant($"choose a value in {low} .. {high}"));
        }

        return options;
    }
}
