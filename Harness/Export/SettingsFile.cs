using System.Text.Json;
using System.Text.Json.Nodes;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Export;

/// <summary>
/// FILE.json beside a file of weights that has no room for facts: what an evaluation must know of the network and its pictures.
/// </summary>
public static class SettingsFile
{
    /// <summary>The facts that are settings, and what those are called.</summary>
    private static readonly Dictionary<string, string>
        Words = new() { ["network"] = "network", ["colour"] = "colour", ["fusion"] = "flip" },
        Numbers = new() { ["mean"] = "mean", ["scale"] = "scale", ["resolution"] = "size" };

    /// <summary>Returns its path.</summary>
    public static string Beside(string weights) => weights + ".json";

    /// <summary>Returns its text, with those of the facts that are settings.</summary>
    public static string Write(IEnumerable<KeyValuePair<string, string>> facts)
    {
        var settings = new JsonObject();
        foreach (var (key, value) in facts)
        {
            if (Words.TryGetValue(key, out var word)) settings.Add(word, value);
            else if (Numbers.TryGetValue(key, out var number)) settings.Add(number, JsonNode.Parse(value));
        }

        return settings.ToJsonString(new JsonSerializerOptions(SpecJson.Options) { TypeInfoResolver = null }) + "\n";
    }
}
