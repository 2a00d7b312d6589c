using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ablation.Experiments.Suites;
using Ablation.Harness.Embedding;
using Ablation.Harness.Formats;
using Ablation.Harness.Foundations;
using Ablation.Harness.Networks;
using Ablation.Losses.Options;

namespace Ablation.Experiments.Evaluating;

/// <summary>
/// What is given of a foreign network: by options, by a file WEIGHTS.json beside the weights, or by notes in the weights themselves.
/// Null: not given.
/// </summary>
public sealed record InputSettings
{
    public static readonly InputSettings None = new();

    [Description("name of the network, or its options as JSON text")]
    public string? Network { get; init; }

    [Description("order of colours: rgb or bgr")]
    public ColourOrder? Colour { get; init; }

    [Description("subtracted from each value of 0 to 255")]
    [Range(0.0, 255.0)]
    public double? Mean { get; init; }

    [Description("each value is divided by it after that")]
    [Range(1e-3, 255.0)]
    public double? Scale { get; init; }

    [Description("side of the input in pixels")]
    [Range(16, 512)]
    public int? Size { get; init; }

    [Description("sum: image + mirrored image; imageOnly: the image alone")]
    public FlipFusion? Flip { get; init; }

    /// <summary>The form; null while colour, mean or scale are not given. The sum with the mirrored image is the default.</summary>
    [JsonIgnore]
    public InputForm? Form => this is { Colour: { } colour, Mean: { } mean, Scale: { } scale }
        ? new InputForm(colour, mean, scale, Flip ?? FlipFusion.Sum) : null;

    /// <summary>Returns these settings, completed by others where they say nothing.</summary>
    public InputSettings Or(InputSettings other) => new()
    {
        Network = Network ?? other.Network,
        Colour = Colour ?? other.Colour,
        Mean = Mean ?? other.Mean,
        Scale = Scale ?? other.Scale,
        Size = Size ?? other.Size,
        Flip = Flip ?? other.Flip,
    };

    /// <summary>Whether a form agrees with what is given.</summary>
    public bool Allows(InputForm form) =>
        (Colour ?? form.Colour) == form.Colour && (Mean ?? form.Mean) == form.Mean && (Scale ?? form.Scale) == form.Scale;

    /// <summary>Returns the usual forms that agree with what is given, or if none does, the given values in both colours.</summary>
    public IReadOnlyList<InputForm> Candidates()
    {
        List<InputForm> usual = [.. InputForm.Usual.Where(Allows)];
        if (usual.Count > 0) return usual;
        return [.. InputForm.Usual.Select(form => new InputForm(Colour ?? form.Colour, Mean ?? form.Mean, Scale ?? form.Scale)).Distinct()];
    }

    /// <summary>Reads WEIGHTS.json beside the weights; nothing if there is none.</summary>
    /// <exception cref="DataProblem">It is damaged, or has an unknown key.</exception>
    public static InputSettings Beside(string weights)
    {
        var path = weights + ".json";
        if (!File.Exists(path)) return None;
        const string Cure = "write {\"network\": \"IResNet50\", \"colour\": \"bgr\", \"mean\": 127.5, \"scale\": 127.5, \"size\": 112, " +
            "\"flip\": \"sum\"}, or leave out what is not known";
        var text = BoundedText.All(path, Cure);
        try
        {
            return SpecJson.ReadGiven<InputSettings>(text);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new DataProblem(path, JsonProblem.Describe("", text, e, typeof(InputSettings)), Cure, e);
        }
    }

    /// <summary>Reads notes that a file of weights carries: network, colour, mean, scale, resolution, fusion.</summary>
    /// <exception cref="DataProblem">A note is no value of its setting.</exception>
    public static InputSettings Noted(IReadOnlyDictionary<string, string> notes, string path)
    {
        var noted = new InputSettings
        {
            Network = notes.GetValueOrDefault("network"),
            Colour = Choice<ColourOrder>("colour"),
            Mean = Number("mean"),
            Scale = Number("scale"),
            Size = Number("resolution") is { } size ? (int)size : null,
            Flip = Choice<FlipFusion>("fusion"),
        };
        return OptionRanges.Problems(noted).FirstOrDefault() is not { } problem ? noted
            : throw new DataProblem(path, $"its notes: {problem}", "give the setting on the command line, or mend the note");

        double? Number(string key) => !notes.TryGetValue(key, out var text) ? null
            : double.TryParse(text, NumberStyles.Float, null, out var value) && double.IsFinite(value) ? value : throw Wrong(key, text);

        T? Choice<T>(string key) where T : struct, Enum => !notes.TryGetValue(key, out var text) ? null
            : Enum.TryParse<T>(text.Split(':')[0], ignoreCase: true, out var value) && Enum.IsDefined(value) && char.IsAsciiLetter(text[0])
                ? value
            : throw Wrong(key, text);

        DataProblem Wrong(string key, string text) =>
            new(path, $"its note \"{key}\" is \"{text}\"", "give the setting on the command line, or mend the note");
    }
}
