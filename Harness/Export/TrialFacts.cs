using System.Reflection;
using System.Text.Json;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;
using Ablation.Harness.Networks;
using Ablation.Losses.Options;

namespace Ablation.Harness.Export;

/// <summary>
/// What an exported file says of its network: where it comes from, and how a receiver must prepare pictures and use embeddings.
/// docs/weights.md explains each key. An evaluation reads the keys of <see cref="SettingsFile"/> from the file again.
/// </summary>
public static class TrialFacts
{
    private static readonly JsonSerializerOptions OneLine = new(SpecJson.Options) { WriteIndented = false };

    /// <summary>Version and commit of this program.</summary>
    public static string ProgramVersion { get; } =
        typeof(TrialFacts).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public static IReadOnlyList<KeyValuePair<string, string>> Of(TrialResult result, Backbone trained)
    {
        var spec = result.Spec;
        var network = spec.Backbone with { Init = null, Frozen = null }; // how it was trained, with paths of this machine
        return
        [
            new("trial", result.Id),
            new("loss", JsonSerializer.Serialize(spec.Loss, OneLine)),
            new("label", result.Label),
            new("network", JsonSerializer.Serialize(network, OneLine)),
            new("seed", $"{spec.Seed}"),
            new("colour", "rgb"),
            new("mean", "127.5"),
            new("scale", $"{spec.Backbone.InputDivisor}"),
            new("resolution", $"{spec.Resolution}"),
            new("fusion", "sum"),
            new("input", $"N x 3 x {spec.Resolution} x {spec.Resolution}, float: (value - mean) / scale of values 0 to 255"),
            new("embedding", $"{spec.Backbone.EmbeddingDimension}"),
            new("normalised", "false"),
            new("alignment", $"as the training images ({Catalog.NameOf(spec.Data)}); faces of the field are moved to the template"),
            new("template", Template(spec.Resolution)),
            new("weights", TrialWeights.Hash(trained)),
            new("commit", result.Provenance.Commit),
            new("program", ProgramVersion),
        ];
    }

    /// <summary>x and y of the five landmarks, scaled to the resolution as a resized picture is.</summary>
    private static string Template(int resolution)
    {
        var factor = (double)resolution / FivePoints.Side;
        return string.Join(' ', FivePoints.Template.Select(value => Math.Round((value + 0.5) * factor - 0.5, 4)));
    }
}
