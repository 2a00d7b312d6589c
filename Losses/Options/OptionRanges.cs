using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace Ablation.Losses.Options;

/// <summary>
/// Checks the <see cref="RangeAttribute"/>s of an options record; the same attributes feed the schema and <c>ablation list</c>.
/// </summary>
public static class OptionRanges
{
    /// <summary>Returns every property outside its range, named as in a suite: "scale = -1; must be in (0, 1000]".</summary>
    public static IEnumerable<string> Problems(object options)
    {
        foreach (var property in options.GetType().GetProperties())
        {
            var value = property.GetValue(options);
            if (value is double and (double.NaN or double.PositiveInfinity or double.NegativeInfinity))
                yield return $"{SuiteName(property)} = {Text(value)}; must be a finite number";
            else if (property.GetCustomAttribute<RangeAttribute>() is { } range && value is not null && !range.IsValid(value))
                yield return $"{SuiteName(property)} = {Text(value)}; must be in {Interval(range)}";
        }
    }

    /// <summary>Writes a range as an interval: "(0, 1000]" where the minimum is exclusive.</summary>
    public static string Interval(RangeAttribute range) =>
        $"{(range.MinimumIsExclusive ? '(' : '[')}{Text(range.Minimum)}, {Text(range.Maximum)}{(range.MaximumIsExclusive ? ')' : ']')}";

    /// <summary>Returns the property's name in a suite file, in camel case.</summary>
    public static string SuiteName(PropertyInfo property) => char.ToLowerInvariant(property.Name[0]) + property.Name[1..];

    private static string Text(object value) => value switch
    {
        int.MaxValue => "unbounded",
        double.MaxValue => "unbounded",
        _ => Convert.ToString(value)!,
    };
}
