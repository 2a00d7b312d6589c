using System.Runtime.InteropServices;
using Ablation.Harness.Formats;
using Ablation.Harness.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Harness.Export.Layers;

/// <summary>A value between two operations.</summary>
/// <param name="Rank">Its number of dimensions: 4 for N x C x H x W maps, 2 for N x D rows.</param>
public readonly record struct GraphValue(string Name, int Rank);

/// <summary>
/// The graph of a network in evaluation mode, made by walking its <see cref="Composition"/>. Each kind of layer adds its operations by its
/// <see cref="LayerGraph"/>.
/// </summary>
public sealed class OnnxGraph
{
    private readonly Dictionary<nn.Module, string> paths = new(ReferenceEqualityComparer.Instance);
    private readonly IReadOnlyDictionary<Type, LayerGraph> kinds;
    private readonly Func<string, string> rename;
    private readonly List<OnnxNode> nodes = [];
    private readonly Dictionary<string, WrittenTensor> weights = [];
    private readonly HashSet<string> names = [];

    private OnnxGraph(Backbone network, Func<string, string> rename, IReadOnlyDictionary<Type, LayerGraph> kinds)
    {
        (this.rename, this.kinds) = (rename, kinds);
        foreach (var (name, module) in network.named_modules()) paths.TryAdd(module, name);
        paths[network] = network.GetName();
    }

    public IReadOnlyList<OnnxNode> Nodes => nodes;

    public IReadOnlyCollection<WrittenTensor> Weights => weights.Values;

    /// <summary>Walks a network.</summary>
    /// <param name="rename">Name of a weight in the file by its name in the network.</param>
    /// <param name="kinds">The kinds of layers; null for all that are found.</param>
    /// <exception cref="ArgumentException">It does not say what it computes, or a layer cannot be written; names it.</exception>
    public static OnnxGraph Of(Backbone network, Func<string, string> rename, IReadOnlyDictionary<Type, LayerGraph>? kinds = null)
    {
        var graph = new OnnxGraph(network, rename, kinds ?? LayerGraph.Known());
        var end = graph.Layer(network, new GraphValue(OnnxFile.Input, 4));
        if (end.Rank != 2)
            throw graph.Problem(network, $"its output has {end.Rank} dimensions, not N x D", "end it with a Flatten layer");
        graph.nodes.Add(new OnnxNode("Identity", graph.Unused("result"), [end.Name], OnnxFile.Output, []));
        return graph;
    }

    /// <summary>Adds the operations of a layer.</summary>
    /// <returns>Its output.</returns>
    public GraphValue Layer(nn.Module layer, GraphValue x) => layer switch
    {
        IComposed { Composition: Series series } => series.Layers.Aggregate(x, (value, one) => Layer(one, value)),
        IComposed { Composition: ResidualSum sum } => Sum(layer, sum, x),
        Sequential layers => layers.children().Aggregate(x, (value, one) => Layer(one, value)),
        _ when kinds.TryGetValue(layer.GetType(), out var kind) => kind.AddTo(this, Path(layer), layer, x),
        Backbone => throw Problem(layer, "it does not say what it computes of its layers", "implement IComposed (docs/weights.md)"),
        _ => throw Problem(layer, "there is no rule how this kind of layer is written",
            "add a LayerGraph for it, or export as safetensors or pth (docs/weights.md)"),
    };

    /// <summary>Adds an operation.</summary>
    /// <param name="inputs">Values and weights.</param>
    /// <param name="rank">Dimensions of the output.</param>
    public GraphValue Add(string operation, string name, IReadOnlyList<string> inputs, int rank, params IReadOnlyList<OnnxAttribute> with)
    {
        var unique = Unused(name); // a layer may be used twice
        nodes.Add(new OnnxNode(operation, unique, inputs, $"{unique}/out", with));
        return new GraphValue($"{unique}/out", rank);
    }

    /// <summary>Replaces the last operation: a test plants a wrong one.</summary>
    internal void Replace(OnnxNode last) => nodes[^1] = last;

    /// <summary>Adds a weight of the network.</summary>
    /// <param name="name">Its name in the network.</param>
    /// <param name="shape">Another shape of the same values; none to keep it.</param>
    /// <returns>Its name in the file.</returns>
    public string Weight(string name, Tensor values, params IReadOnlyList<long> shape)
    {
        var weight = TensorValues.Of(rename(name), values);
        return Keep(shape.Count == 0 ? weight : weight with { Shape = shape });
    }

    /// <summary>Adds integers that are no weight of the network, such as the bounds of a slice.</summary>
    public string Integers(string name, params long[] values) =>
        Keep(new WrittenTensor(name, WrittenKind.Int64, [values.Length], put => put(MemoryMarshal.AsBytes(values.AsSpan()))));

    /// <summary>Adds a vector of equal numbers that are no weight of the network.</summary>
    public string Numbers(string name, float value, long count)
    {
        var values = new float[count];
        values.AsSpan().Fill(value);
        return Keep(new WrittenTensor(name, WrittenKind.Float32, [count], put => put(MemoryMarshal.AsBytes(values.AsSpan()))));
    }

    /// <summary>Makes the error for a layer that cannot be written.</summary>
    public ArgumentException Problem(nn.Module layer, string what, string cure) =>
        new($"{Path(layer)} ({layer.GetType().Name}): {what}; {cure}");

    private GraphValue Sum(nn.Module unit, ResidualSum sum, GraphValue x)
    {
        var branch = Layer(sum.Branch, x);
        var shortcut = sum.Shortcut is null ? x : Layer(sum.Shortcut, x);
        var total = Add("Add", $"{Path(unit)}.sum", [branch.Name, shortcut.Name], branch.Rank);
        return sum.Last is null ? total : Layer(sum.Last, total);
    }

    private string Unused(string name)
    {
        var unique = name;
        for (var i = 2; !names.Add(unique); i++) unique = $"{name}#{i}";
        return unique;
    }

    private string Keep(WrittenTensor weight)
    {
        weights.TryAdd(weight.Name, weight);
        return weight.Name;
    }

    private string Path(nn.Module layer) =>
        paths.TryGetValue(layer, out var path) ? path : $"a layer that is not registered with {paths.Values.Last()}";
}
