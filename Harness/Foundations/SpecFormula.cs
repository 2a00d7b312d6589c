using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ablation.Losses.Options;

namespace Ablation.Harness.Foundations;

/// <summary>
/// Writes the version of a record's mathematics into its JSON, and so into the id of a trial. Version 1 is not written, so that trials
/// from before the first correction keep their ids. A suite cannot choose a version: reading accepts only the program's own.
/// </summary>
internal static class SpecFormula
{
    /// <summary>The property's name.</summary>
    public const string Name = "formulaVersion";

    public static void Add(JsonTypeInfo info)
    {
        if (info.Kind != JsonTypeInfoKind.Object
            || info.Type.GetCustomAttribute<FormulaVersionAttribute>(inherit: false) is not { Version: > 1 and var version }) return;
        var property = info.CreateJsonPropertyInfo(typeof(int), Name);
        property.Get = _ => version;
        property.Set = (_, value) =>
        {
            if (value is not int other || other != version)
                throw new JsonException(
                    $"{Name} = {value}; this program computes version {version} of {Catalog.NameOf(info.Type)}, and no suite can choose " +
                    $"another");
        };
        info.Properties.Add(property);
    }
}
