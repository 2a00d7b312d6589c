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
        if (schema is not JsonObject node) return schema;
        if (context.PropertyInfo?.AttributeProvider is PropertyInfo member) Describe(member, node);
        return context.Path is [_, var key, ..] && Sweep.Places.Contains(key) ? WithSweep(node) : node;
    }

    private static void Describe(PropertyInfo member, JsonObject node)
    {
        if (member.GetCustomAttribute<DescriptionAttribute>() is { } description) node["description"] = description.Description;
        if (member.GetCustomAttribute<ConventionNameAttribute>() is not null)
            node["enum"] = new JsonArray([.. PairConvention.All.Select(one => JsonValue.Create(one.Name)), null]);
        if (member.GetCustomAttribute<RangeAttribute>() is { } range)
        {
            node[range.MinimumIsExclusive ? "exclusiveMinimum" : "minimum"] = JsonValue.Create(Convert.ToDouble(range.Minimum));
            node[range.MaximumIsExclusive ? "exclusiveMaximum" : "maximum"] = JsonValue.Create(Convert.ToDouble(range.Maximum));
        }
    }

    /// <summary>A list, or a value within an entry of one, may be a sweep: an object, to which none of its other rules applies.</summary>
    private static JsonObject WithSweep(JsonObject node)
    {
        if (node["enum"] is not null)
        {
            var description = node["description"]?.DeepClone();
            node.Remove("description");
            var sweep = new JsonObject { ["type"] = "object", ["properties"] = Keys() };
            var either = new JsonObject { ["anyOf"] = new JsonArray(node, sweep) };
            if (description is not null) either["description"] = description;
            return either;
        }

        List<string> types = node["type"] switch
        {
            JsonArray several => [.. several.Select(one => (string)one!)],
            JsonValue one => [(string)one!],
            _ => [],
        };
        if (types.Count == 0 || types.Contains("object")) return node;
        node["type"] = new JsonArray([.. types.Append("object").Select(one => JsonValue.Create(one))]);
        node["properties"] = Keys();
        node["additionalProperties"] = false;
        return node;
    }

    private static JsonObject Keys() => new()
    {
        ["each"] = new JsonObject { ["type"] = "array", ["minItems"] = 1, ["description"] = "the values of a sweep" },
        ["from"] = new JsonObject { ["type"] = "number", ["description"] = "first value of a sweep" },
        ["to"] = new JsonObject { ["type"] = "number", ["description"] = "last value of a sweep" },
        ["steps"] = new JsonObject { ["type"] = "integer", ["minimum"] = 2, ["description"] = "number of values of a sweep" },
        ["log"] = new JsonObject { ["type"] = "boolean", ["description"] = "equal ratios instead of equal differences" },
    };
}
