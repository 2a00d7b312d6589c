using System.Reflection;
using System.Text.Json;
using Ablation.Losses.Options;

namespace Ablation.Experiments.Suites;

/// <summary>Names options briefly: by kind, and by what distinguishes them from others of their kind.</summary>
public static class Labels
{
    /// <summary>The row of the network that was not trained.</summary>
    public const string Untrained = "untrained";

    /// <summary>The row of a loss with the options that tuning chose.</summary>
    public static string Tuned(string label) => $"{label} (tuned)";

    /// <summary>Returns a label for each: "ArcFace", or "ArcFace (marginRadians 0.3)" where a kind occurs more than once.</summary>
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

    /// <summary>Returns for each record of one type what differs among them: "batch 256, head.partialRate 0.1".</summary>
    public static IReadOnlyList<string> Differences(IReadOnlyList<object> records) =>
        [.. records.Select(record => string.Join(", ", Differing(records, record)))];

    private static IEnumerable<string> Differing(IReadOnlyList<object> records, object own, string path = "")
    {
        foreach (var property in own.GetType().GetProperties().Where(property => property.CanWrite))
        {
            var values = records.Select(property.GetValue).ToList();
            if (values.Select(Text).Distinct().Count() == 1) continue; // by their texts: equal lists are different objects
            var key = path + OptionRanges.SuiteName(property);
            var (value, first) = (property.GetValue(own), values[0]);
            if (value is not null && value.GetType().Name.EndsWith("Options", StringComparison.Ordinal)
                && values.TrueForAll(other => other?.GetType() == first?.GetType()))
                foreach (var below in Differing([.. values.OfType<object>()], value, $"{key}.")) yield return below;
            else yield return $"{key} {Text(value)}";
        }
    }

    /// <summary>Returns the kind with every option that differs from its default: "Npt (k 6, cosineMargin 0.3)".</summary>
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

    /// <summary>Whether a suite must give it. Compares by name, as a package contains a second type of that name.</summary>
    public static bool IsRequired(PropertyInfo property) =>
        property.CustomAttributes.Any(attribute => attribute.AttributeType.Name == "RequiredMemberAttribute");

    /// <summary>Returns the name of a kind of options in messages: loss, backbone, data, test, schedule.</summary>
    public static string Kind(Type kind) => kind.Name switch
    {
        "SourceOptions" => "data",
        "ProtocolOptions" => "test",
        _ => char.ToLowerInvariant(kind.Name[0]) + Catalog.NameOf(kind)[1..],
    };

    /// <summary>Returns a value as in a suite: 0.5, exact, none.</summary>
    public static string Text(object? value) => value switch
    {
        null => "none",
        string text => text,
        Enum named => JsonNamingPolicy.CamelCase.ConvertName(named.ToString()),
        System.Collections.IEnumerable entries => $"[{string.Join(", ", entries.Cast<object?>().Select(Text))}]",
        bool flag => flag ? "true" : "false",
        not IConvertible when value.GetType().Name.EndsWith("Options", StringComparison.Ordinal) => Full(value),
        _ => Convert.ToString(value)!,
    };
}
