using System.Text.Json;
using Ablation.Experiments.Suites;
using Ablation.Harness.Foundations;
using Ablation.Harness.Networks;
using Ablation.Harness.Weights;

namespace Ablation.Experiments.Evaluating;

/// <summary>Reads <c>--network</c>: a name that a code base gives its networks, or options as a suite writes them.</summary>
public static class NetworkArgument
{
    /// <summary>The names, for messages.</summary>
    public static string Known => string.Join(", ", Names);

    private static IReadOnlyCollection<string> Names =>
        [.. Named().Select(one => one.Key).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <exception cref="ArgumentException">There is no such network.</exception>
    public static BackboneOptions Read(string text)
    {
        if (!text.TrimStart().StartsWith('{'))
        {
            return Named().Where(one => one.Key.Equals(text, StringComparison.OrdinalIgnoreCase)).Select(one => one.Value).FirstOrDefault()
                ?? throw new ArgumentException(
                    $"--network {text}: unknown; {NearName.Hint(text, Names)}, or options as JSON: {{\"type\": \"IResNet\", ...}}");
        }

        try
        {
            return SpecJson.Read<BackboneOptions>(text);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new ArgumentException(JsonProblem.Describe("--network", text, e, typeof(BackboneOptions)), e);
        }
    }

    private static IEnumerable<KeyValuePair<string, BackboneOptions>> Named() => WeightNames.All.SelectMany(names => names.Networks);
}
