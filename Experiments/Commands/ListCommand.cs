using System.CommandLine;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Ablation.Experiments.Suites;
using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;
using Ablation.Losses;
using Ablation.Losses.Options;

namespace Ablation.Experiments.Commands;

/// <summary><c>ablation list</c>: lists the shipped suites, and every loss, backbone, source, test and schedule with its options.</summary>
public sealed class ListCommand : ISubcommand
{
    public Command Build()
    {
        var command = new Command("list",
            "lists the shipped suites and everything that a suite may name, with options, ranges and defaults");
        command.SetAction(_ =>
        {
            Write(Console.Out);
            return 0;
        });
        return command;
    }

    /// <summary>Writes the list as plain text.</summary>
    public static void Write(TextWriter output)
    {
        output.WriteLine("suites");
        foreach (var suite in SuiteFile.Shipped) output.WriteLine($"  {suite,-24} {SuiteFile.Read(SuiteFile.Find(suite)).Question}");
        foreach (var kind in SpecJson.Kinds)
        {
            output.WriteLine();
            output.WriteLine(Labels.Kind(kind) + (kind == typeof(LossOptions) ? "es" : kind.Name == "SourceOptions" ? "" : "s"));
            foreach (var (name, type) in Catalog.RecordsOf(kind))
            {
                output.WriteLine($"  {name,-24} {type.GetCustomAttribute<DescriptionAttribute>()?.Description}");
                foreach (var property in type.GetProperties().Where(property => property.CanWrite)) output.WriteLine(Line(property, type));
            }
        }
    }

    private static string Line(PropertyInfo property, Type type)
    {
        var required = Labels.IsRequired(property);
        var standard = required ? "required" : $"default {Labels.Text(property.GetValue(Activator.CreateInstance(type)))}";
        var range = property.GetCustomAttribute<RangeAttribute>() is { } bounds ? $", in {OptionRanges.Interval(bounds)}" : "";
        if (property.GetCustomAttribute<ConventionNameAttribute>() is not null) range = $", one of {PairConvention.Known}";
        var description = property.GetCustomAttribute<DescriptionAttribute>()?.Description.TrimEnd('.', ' ');
        return $"    {OptionRanges.SuiteName(property),-22} {description} ({standard}{range})";
    }
}
