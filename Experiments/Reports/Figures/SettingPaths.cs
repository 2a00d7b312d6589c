using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ablation.Harness;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Networks;
using Ablation.Harness.Training;
using Ablation.Losses;

namespace Ablation.Experiments.Reports.Figures;

/// <summary>
/// What a trial's specification says, by the path that a suite writes it at: "losses.scale", "backbones.embeddingDimension", "resolutions",
/// "data.identities", "trainings.decay.proxies". Defaults are there too; the kind of an object is "losses.type". Tests and the seed are
/// left out.
/// </summary>
public sealed class SettingPaths
{
    // trials share them
    private readonly ConcurrentDictionary<object, List<KeyValuePair<string, string>>> parts = new(ReferenceEqualityComparer.Instance);

    /// <summary>Path to value, as text: "64", "0.35", "all", "none".</summary>
    public SortedDictionary<string, string> Read(TrialSpec spec)
    {
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["resolutions"] = spec.Resolution.ToString() };
        foreach (var part in new[] { Part<LossOptions>("losses", spec.Loss), Part<BackboneOptions>("backbones", spec.Backbone),
            Part<SourceOptions>("data", spec.Data), Part<TrainingOptions>("trainings", spec.Training) })
        {
            foreach (var (path, value) in part) settings[path] = value;
        }

        return settings;
    }

    /// <summary>The number that a value is; null for a word.</summary>
    public static double? Number(string value) =>
        double.TryParse(value, NumberStyles.Float, null, out var number) && double.IsFinite(number) ? number : null;

    /// <summary>Numbers rising, then words in the order of the alphabet.</summary>
    public static IEnumerable<string> Ordered(IEnumerable<string> values) =>
        values.Distinct().OrderBy(value => Number(value) is null).ThenBy(value => Number(value) ?? 0)
        .ThenBy(value => value, StringComparer.Ordinal);

    /// <summary>How an axis and a title call a setting: "cosineMargin", "network resolution (px)".</summary>
    public static string Label(string path) => path switch
    {
        "resolutions" => "network resolution (px)",
        AxisReadings.Probe => "probe resolution (px)",
        AxisReadings.Gallery => "gallery resolution (px)",
        _ => path[(path.IndexOf('.', StringComparison.Ordinal) + 1)..],
    };

    private List<KeyValuePair<string, string>> Part<T>(string name, T options) where T : class => parts.GetOrAdd(options, _ =>
    {
        var found = new List<KeyValuePair<string, string>>();
        Flatten(name, JsonSerializer.SerializeToNode(options, SpecJson.Options), found);
        return found;
    });

    private static void Flatten(string path, JsonNode? node, List<KeyValuePair<string, string>> found)
    {
        if (node is JsonObject members)
        {
            foreach (var (name, member) in members) Flatten($"{path}.{name}", member, found);
        }
        else
        {
            var text = node is null ? "none" : node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : node.ToJsonString();
            found.Add(new(path, text));
        }
    }
}
