using Ablation.Harness.Networks;

namespace Ablation.Harness.Weights;

/// <summary>arcface_torch's mbf (recognition/arcface_torch/backbones/mobilefacenet.py): MobileFaceNet with doubled widths.</summary>
internal sealed class MobileFaceNetNames : WeightNames
{
    /// <summary>Place of each bottleneck in the list of layers: a stride of its own, or a row of units of one size.</summary>
    private static readonly string[] Bottlenecks =
    [
        "2", .. Row(3, 4), "4", .. Row(5, 6), "6", .. Row(7, 2),
    ];

    private static readonly string[] Convolution = ["conv", "bn", "prelu"];

    public override string Name => "arcface_torch mbf";

    public override IReadOnlyList<string> Anchors => ["conv_sep.layers.0.weight"];

    public override IReadOnlyDictionary<string, BackboneOptions> Networks { get; } =
        new Dictionary<string, BackboneOptions>(StringComparer.OrdinalIgnoreCase)
        {
            ["mbf"] = new MobileFaceNetOptions { Widths = MobileFaceNetWidths.Doubled },
        };

    public override bool Suits(BackboneOptions network) => network is MobileFaceNetOptions;

    public override IReadOnlyList<WeightPlace> Of(BackboneOptions network, IReadOnlyList<string> ours) =>
        [.. ours.Select(name => new WeightPlace(name, Theirs(name)))];

    private static string Theirs(string name)
    {
        var parts = name.Split('.');
        var leaf = parts[^1];
        return (parts[0], parts[1]) switch
        {
            ("body", "stem") => $"layers.0.layers.{Array.IndexOf(Convolution, parts[2])}.{leaf}",
            ("body", "depthwise") => $"layers.1.layers.{Array.IndexOf(Convolution, parts[2])}.{leaf}",
            ("body", "expand") => $"conv_sep.layers.{Array.IndexOf(Convolution, parts[2])}.{leaf}",
            ("body", _) => $"layers.{Bottlenecks[int.Parse(parts[1]["bottleneck".Length..]) - 1]}.layers.{Inner(parts)}.{leaf}",
            ("global", _) => $"features.layers.0.layers.0.{leaf}",
            ("globalBn", _) => $"features.layers.0.layers.1.{leaf}",
            ("embedding", _) => $"features.layers.2.{leaf}",
            _ => $"features.layers.3.{leaf}",
        };
    }

    /// <summary>body.bottleneckN.layers.expand.conv.weight: the part within a unit.</summary>
    private static string Inner(string[] parts) => parts[3] switch
    {
        "expand" => $"0.layers.{Array.IndexOf(Convolution, parts[4])}",
        "depthwise" => $"1.layers.{Array.IndexOf(Convolution, parts[4])}",
        "project" => "2.layers.0",
        _ => "2.layers.1",
    };

    private static IEnumerable<string> Row(int layer, int units) => Enumerable.Range(0, units).Select(unit => $"{layer}.layers.{unit}");
}
