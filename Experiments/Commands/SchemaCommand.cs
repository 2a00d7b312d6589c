using System.CommandLine;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;

namespace Ablation.Experiments.Commands;

/// <summary><c>ablation schema FILE</c>: writes the JSON schema of suites, for completion and checks in editors.</summary>
public sealed class SchemaCommand : ISubcommand
{
    public Command Build()
    {
        var file = new Argument<FileInfo>("file")
        {
            Description = "the file to write",
            DefaultValueFactory = _ => new FileInfo("suite.schema.json")
        };
        var command = new Command("schema", "writes the JSON schema of suite files, for editors") { file };
        command.SetAction(parsed =>
        {
            AtomicFile.Write(parsed.GetRequiredValue(file).FullName, Text());
            return 0;
        });
        return command;
    }

    /// <summary>Returns the schema with descriptions and ranges.</summary>
    public static string Text()
    {
        var schema = SpecJson.Options.GetJsonSchemaAsNode(typeof(Suite),
            new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Describe });
        return schema.ToJsonString(SpecJson.Options) + "\n";
    }

    private static JsonNode Describe(JsonSchemaExporterContext context, JsonNode schema)
    {
        if (schema is not JsonObject node || context.PropertyInfo?.AttributeProvider is not PropertyInfo member) return schema;
        if (member.GetCustomAttribute<DescriptionAttribute>() is { } description) node["description"] = description.Description;
        if (member.GetCustomAttribute<ConventionNameAttribute>() is not null)
            node["enum"] = new JsonArray([.. PairConvention.All.Select(one => JsonValue.Create(one.Name)), null]);
        if (member.GetCustomAttribute<RangeAttribute>() is { } range)
        {
            node[range.MinimumIsExclusive ? "exclusiveMinimum" : "minimum"] = JsonValue.Create(Convert.ToDouble(range.Minimum));
            node[range.MaximumIsExclusive ? "exclusiveMaximum" : "maximum"] = JsonValue.Create(Convert.ToDouble(range.Maximum));
        }

        return node;
    }
}
