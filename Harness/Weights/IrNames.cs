using Ablation.Harness.Networks;

namespace Ablation.Harness.Weights;

/// <summary>
/// The IR networks of face.evoLVe and of what followed it: AdaFace, CVLface, TFace, CurricularFace. Units are counted through all stages;
/// AdaFace's and TFace's have a norm between the first convolution and the PReLU, face.evoLVe's and CurricularFace's release have none.
/// The last norm has no weight and bias in most of them: they are 1 and 0 then.
/// </summary>
internal sealed class IrNames : WeightNames
{
    private static readonly (string Name, IResNetDepth Depth)[] Depths =
        [("18", IResNetDepth.R18), ("34", IResNetDepth.R34), ("50", IResNetDepth.R50), ("101", IResNetDepth.R100)];

    private static readonly Dictionary<string, string> Outside = new(StringComparer.Ordinal)
    {
        ["body.conv"] = "input_layer.0",
        ["body.bn"] = "input_layer.1",
        ["body.prelu"] = "input_layer.2",
        ["head.bn"] = "output_layer.0",
        ["head.fc"] = "output_layer.3",
        ["head.features"] = "output_layer.4",
    };

    public override string Name => "IR";

    public override IReadOnlyList<string> Anchors => ["input_layer.0.weight"];

    public override IReadOnlyDictionary<string, BackboneOptions> Networks { get; } = Depths.SelectMany(one => new[]
    {
        KeyValuePair.Create($"IR{one.Name}", Options(one.Depth, skipMiddleNorm: false)),
        KeyValuePair.Create($"IR{one.Name}-plain", Options(one.Depth, skipMiddleNorm: true)),
    }).ToDictionary(StringComparer.OrdinalIgnoreCase);

    public override bool Suits(BackboneOptions network) => network is IResNetOptions;

    public override IReadOnlyList<WeightPlace> Of(BackboneOptions network, IReadOnlyList<string> ours)
    {
        string[] residual = network is IResNetOptions { SkipMiddleNorm: true }
            ? ["bn1", "conv1", "prelu", "conv2", "bn3"] : ["bn1", "conv1", "bn2", "prelu", "conv2", "bn3"];
        var keys = ours.Select(IResNetKey.Of).ToList();
        var units = keys.Where(key => key.Stage > 0).Select(key => (key.Stage, key.Unit)).Distinct().Order().Index()
            .ToDictionary(unit => unit.Item, unit => unit.Index);
        return [.. ours.Zip(keys, (name, key) => new WeightPlace(name, Theirs(key), Constant(name)))];

        string Theirs(IResNetKey key)
        {
            if (key.Stage == 0) return $"{Outside[key.Layer]}.{key.Leaf}";
            var layer = key.Layer switch
            {
                "shortcut.conv" => "shortcut_layer.0",
                "shortcut.bn" => "shortcut_layer.1",
                var inner => $"res_layer.{Array.IndexOf(residual, inner["residual.".Length..])}",
            };
            return $"body.{units[(key.Stage, key.Unit)]}.{layer}.{key.Leaf}";
        }
    }

    private static double? Constant(string name) => name switch
    {
        "head.features.weight" => 1,
        "head.features.bias" => 0,
        _ => null,
    };

    private static BackboneOptions Options(IResNetDepth depth, bool skipMiddleNorm) =>
        new IResNetOptions { Depth = depth, Shortcut = IResNetShortcut.Subsample, SkipMiddleNorm = skipMiddleNorm };
}
