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
/// Lists a trial's settings by their paths in a suite: "losses.scale", "backbones.embeddingDimension", "resolutions", "data.identities",
/// "trainings.decay.proxies". Includes defaults; the kind of an object is "losses.type". Excludes tests and the seed.
/// </summary>
public sealed class SettingPaths
{
    // many trials share a part
    private readonly ConcurrentDictionary<object, List<KeyValuePair<string, string>>> parts = new(ReferenceEqualityComparer.Instance);

    /// <summary>Returns path to value, as text: "64", "0.35", "all", "none".</summary>
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

    /// <summary>Returns the value as a number; null for a word.</summary>
    public static double? Number(string value) =>
        double.TryParse(value, NumberStyles.Float, null, out var number) && double.IsFinite(number) ? number : null;

    /// <summary>Sorts numbers first in rising order, then words alphabetically.</summary>
    public static IEnumerable<string> Ordered(IEnumerable<string> values) =>
        values.Distinct().OrderBy(value => Number(value) is null).ThenBy(value => Number(value) ?? 0)
        .ThenBy(value => value, StringComparer.Ordinal);

    /// <summary>Returns a setting's name for axes and titles: "cosineMargin", "network resolution (px)".</summary>
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
