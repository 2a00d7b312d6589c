using System.Text.Json;
using System.Text.Json.Nodes;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Export;

/// <summary>
/// FILE.json beside a file of weights that has no room for facts: what an evaluation must know of the network and its pictures.
/// </summary>
public static class SettingsFile
{
    private static readonly string[] Words = ["network", "colour", "flip"], Numbers = ["mean", "scale", "size"];

    /// <summary>Returns its path.</summary>
    public static string Beside(string weights) => weights + ".json";

    /// <summary>Returns its text, with those of the facts that are settings.</summary>
    public static string Write(IEnumerable<KeyValuePair<string, string>> facts)
    {
        var settings = new JsonObject();
        foreach (var (key, value) in facts)
        {
            if (Words.Contains(key)) settings.Add(key, value);
            else if (Numbers.Contains(key)) settings.Add(key, JsonNode.Parse(value));
        }

        return settings.ToJsonString(new JsonSerializerOptions(SpecJson.Options) { TypeInfoResolver = null }) + "\n";
    }
}
