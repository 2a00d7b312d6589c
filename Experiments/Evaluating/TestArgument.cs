using System.Text.Json;
using Ablation.Experiments.Suites;
using Ablation.Harness.Faces;
using Ablation.Harness.Formats;
using Ablation.Harness.Foundations;
using Ablation.Harness.Inspection;
using Ablation.Harness.Protocols;
using Ablation.Losses.Options;

namespace Ablation.Experiments.Evaluating;

/// <summary>Reads tests from the command line.</summary>
public static class TestArgument
{
    /// <summary>Describes the values of <c>--on</c>.</summary>
    public const string Description =
        "a test: the path of a verification .bin, of LFW's pairs.txt, of the folder of CFP, ...; a test of a suite as JSON ({\"type\": " +
        "...}), or a .json or .jsonc file with one or a list";

    /// <param name="data">Folder for relative paths that do not exist.</param>
    /// <exception cref="ArgumentException">The text is not a test.</exception>
    /// <exception cref="DataProblem">The path is missing, or is not a test.</exception>
    public static IReadOnlyList<ProtocolOptions> Read(string text, DataRoot data)
    {
        var trimmed = text.TrimStart();
        if (trimmed.StartsWith('{') || trimmed.StartsWith('[')) return Json(text, "--on");
        var path = File.Exists(text) || Directory.Exists(text) ? text : data.Resolve(text);
        if (Path.GetExtension(path) is ".json" or ".jsonc" && File.Exists(path))
            return Json(BoundedText.All(path, "check that it is a test as in a suite"), path);
        var tests = DataPath.Guess(path).Tests;
        return tests.Count > 0
            ? tests : throw new ArgumentException(
                $"{text}: contains training faces, not a test; known tests: " +
                $"{string.Join(", ", Catalog.RecordsOf<ProtocolOptions>().Keys)}");
    }

    private static IReadOnlyList<ProtocolOptions> Json(string json, string where)
    {
        var isList = false;
        try
        {
            using var parsed = JsonDocument.Parse(json,
                new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            isList = parsed.RootElement.ValueKind == JsonValueKind.Array;
            return isList ? SpecJson.Read<List<ProtocolOptions>>(json) : [SpecJson.Read<ProtocolOptions>(json)];
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new ArgumentException(JsonProblem.Describe(where, json, e, isList
                ? typeof(List<ProtocolOptions>) : typeof(ProtocolOptions)), e);
        }
    }
}
