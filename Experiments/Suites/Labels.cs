using System.Reflection;
using System.Text.Json;
using Ablation.Losses.Options;

namespace Ablation.Experiments.Suites;

/// <summary>Short names for options: the kind, and what sets it apart from others of its kind.</summary>
public static class Labels
{
    /// <summary>The row of the network that was not trained.</summary>
    public const string Untrained = "untrained";

    /// <summary>The row of a loss with the options that tuning chose.</summary>
    public static string Tuned(string label) => $"{label} (tuned)";

    /// <summary>One label each: "ArcFace", or "ArcFace (marginRadians 0.3)" where a kind occurs more than once.</summary>
    public static IReadOnlyList<string> Of<TOptions>(IReadOnlyList<TOptions> options) where TOptions : class =>
    [
        .. options.Select(one =>
        {
            var alike = options.Where(other => other.GetType() == one.GetType()).ToList();
            var differing = one.GetType().GetProperties().Where(property => alike.Select(property.GetValue).Distinct().Count() > 1)
                .ToList();
            var name = Catalog.NameOf(one);
            return differing.Count == 0 ? name : $"{name} ({string.Join(", ", differing.Select(property => Setting(property, one)))})";
        }),
    ];

    /// <summary>The kind with every option that is not at its default: "Npt (k 6, cosineMargin 0.3)".</summary>
    public static string Full(object options)
    {
        var defaults = Activator.CreateInstance(options.GetType());
        var changed = options.GetType().GetProperties()
            .Where(property => property.CanWrite && !Equals(property.GetValue(options), property.GetValue(defaults)));
        var text = string.Join(", ", changed.Select(property => Setting(property, options)));
        return text.Length == 0 ? Catalog.NameOf(options) : $"{Catalog.NameOf(options)} ({text})";
    }

    private static string Setting(PropertyInfo property, object options) =>
        $"{OptionRanges.SuiteName(property)} {Text(property.GetValue(options))}";

    /// <summary>Whether a suite must give it. Found by name: a package here brings a second type of that name.</summary>
    public static bool IsRequired(PropertyInfo property) =>
        property.CustomAttributes.Any(attribute => attribute.AttributeType.Name == "RequiredMemberAttribute");

    /// <summary>What messages call a kind of options: loss, backbone, data, test, schedule.</summary>
    public static string Kind(Type kind) => kind.Name switch
    {
        "SourceOptions" => "data",
        "ProtocolOptions" => "test",
        _ => char.ToLowerInvariant(kind.Name[0]) + Catalog.NameOf(kind)[1..],
    };

    /// <summary>A value as a suite would write it: 0.5, exact, none.</summary>
    public static string Text(object? value) => value switch
    {
        null => "none",
        Enum named => JsonNamingPolicy.CamelCase.ConvertName(named.ToString()),
        IEnumerable<int> numbers => $"[{string.Join(", ", numbers.Select(number => Text(number)))}]",
        bool flag => flag ? "true" : "false",
        _ => Convert.ToString(value)!,
    };
}
