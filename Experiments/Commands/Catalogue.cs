using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Ablation.Experiments.Suites;
using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;
using Ablation.Losses;
using Ablation.Losses.Options;

namespace Ablation.Experiments.Commands;

/// <summary>Describes what a suite may name, from its records.</summary>
internal static class Catalogue
{
    /// <summary>The section of the suites that ship.</summary>
    public const string Suites = "suites";

    /// <summary>The sections of the list: suites, losses, backbones, data, ...</summary>
    public static IReadOnlyList<string> Sections => [Suites, .. SpecJson.Kinds.Select(Section)];

    /// <summary>Returns the section of a kind: "losses".</summary>
    public static string Section(Type kind) =>
        Labels.Kind(kind) + (kind == typeof(LossOptions) ? "es" : kind.Name == "SourceOptions" ? "" : "s");

    public static string? Description(Type record) => record.GetCustomAttribute<DescriptionAttribute>()?.Description;

    /// <summary>Returns a record's name and description, and a line per option with its default and range.</summary>
    public static IEnumerable<string> Record(Type record) =>
    [
        $"  {Catalog.NameOf(record),-24} {Description(record)}",
        .. record.GetProperties().Where(property => property.CanWrite).Select(property => Option(property, record)),
    ];

    private static string Option(PropertyInfo property, Type type)
    {
        var required = Labels.IsRequired(property);
        var standard = required ? "required" : $"default {Labels.Text(property.GetValue(Activator.CreateInstance(type)))}";
        var range = property.GetCustomAttribute<RangeAttribute>() is { } bounds ? $", in {OptionRanges.Interval(bounds)}" : "";
        if (property.GetCustomAttribute<ConventionNameAttribute>() is not null) range = $", one of {PairConvention.Known}";
        var description = property.GetCustomAttribute<DescriptionAttribute>()?.Description.TrimEnd('.', ' ');
        return $"    {OptionRanges.SuiteName(property),-22} {description} ({standard}{range})";
    }
}
