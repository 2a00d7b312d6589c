using Ablation.Harness.Networks;

namespace Ablation.Harness.Weights;

/// <summary>
/// arcface_torch's IResNet (insightface, recognition/arcface_torch/backbones/iresnet.py). MagFace, ElasticFace and HaiyuWu's collection
/// have the same names, some behind a prefix.
/// </summary>
internal sealed class ArcFaceTorchNames : WeightNames
{
    private static readonly Dictionary<string, string> Outside = new(StringComparer.Ordinal)
    {
        ["body.conv"] = "conv1",
        ["body.bn"] = "bn1",
        ["body.prelu"] = "prelu",
        ["head.bn"] = "bn2",
        ["head.fc"] = "fc",
        ["head.features"] = "features",
    };

    public override string Name => "arcface_torch";

    public override IReadOnlyList<string> Anchors => ["layer1.0.conv1.weight"];

    public override IReadOnlyDictionary<string, BackboneOptions> Networks { get; } =
        Enum.GetValues<IResNetDepth>().ToDictionary(depth => $"IResNet{(int)depth}",
            depth => (BackboneOptions)new IResNetOptions { Depth = depth }, StringComparer.OrdinalIgnoreCase);

    public override bool Suits(BackboneOptions network) => network is IResNetOptions;

    public override IReadOnlyList<WeightPlace> Of(BackboneOptions network, IReadOnlyList<string> ours) =>
        [.. ours.Select(name => new WeightPlace(name, Theirs(IResNetKey.Of(name))))];

    private static string Theirs(IResNetKey key)
    {
        if (key.Stage == 0) return $"{Outside[key.Layer]}.{key.Leaf}";
        var layer = key.Layer switch
        {
            "shortcut.conv" => "downsample.0",
            "shortcut.bn" => "downsample.1",
            var residual => residual["residual.".Length..],
        };
        return $"layer{key.Stage}.{key.Unit - 1}.{layer}.{key.Leaf}";
    }
}
