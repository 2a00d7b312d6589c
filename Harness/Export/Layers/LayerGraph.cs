using Ablation.Losses.Options;
using static TorchSharp.torch;

namespace Ablation.Harness.Export.Layers;

/// <summary>How one kind of layer is written as operations of ONNX: one file per kind, found by reflection.</summary>
public abstract class LayerGraph
{
    /// <summary>The type of its layers; a derived type may compute something else, and needs its own.</summary>
    public abstract Type Kind { get; }

    /// <summary>Returns those of this program and of loaded assemblies, by the type of the layer.</summary>
    public static IReadOnlyDictionary<Type, LayerGraph> Known() =>
        Catalog.RecordsOf<LayerGraph>().Values.Where(type => type.GetConstructor(Type.EmptyTypes) is not null)
            .Select(type => (LayerGraph)Activator.CreateInstance(type)!).ToDictionary(one => one.Kind);

    internal abstract GraphValue AddTo(OnnxGraph graph, string name, nn.Module layer, GraphValue x);
}

/// <inheritdoc/>
public abstract class LayerGraph<TLayer> : LayerGraph where TLayer : nn.Module
{
    /// <inheritdoc/>
    public sealed override Type Kind => typeof(TLayer);

    /// <summary>Adds the layer, in evaluation mode.</summary>
    /// <param name="name">Its path in the network: "body.unit1_1.residual.conv1".</param>
    /// <returns>Its output.</returns>
    /// <exception cref="ArgumentException">It has a setting that cannot be written.</exception>
    public abstract GraphValue Add(OnnxGraph graph, string name, TLayer layer, GraphValue x);

    internal sealed override GraphValue AddTo(OnnxGraph graph, string name, nn.Module layer, GraphValue x) =>
        Add(graph, name, (TLayer)layer, x);
}
