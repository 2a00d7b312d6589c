namespace Ablation.Harness.Weights;

/// <summary>
/// A name of our IResNet in its parts: stage and unit from 1, both 0 outside of units; the layer, and what it is of the layer.
/// "body.unit2_1.residual.conv1.weight" is (2, 1, "residual.conv1", "weight"), "head.fc.bias" is (0, 0, "head.fc", "bias").
/// </summary>
internal readonly record struct IResNetKey(int Stage, int Unit, string Layer, string Leaf)
{
    private const string Start = "body.unit";

    public static IResNetKey Of(string key)
    {
        var dot = key.LastIndexOf('.');
        var (layer, leaf) = (key[..dot], key[(dot + 1)..]);
        if (!layer.StartsWith(Start, StringComparison.Ordinal)) return new IResNetKey(0, 0, layer, leaf);
        var end = layer.IndexOf('.', Start.Length);
        var numbers = layer[Start.Length..end].Split('_');
        return new IResNetKey(int.Parse(numbers[0]), int.Parse(numbers[1]), layer[(end + 1)..], leaf);
    }
}
