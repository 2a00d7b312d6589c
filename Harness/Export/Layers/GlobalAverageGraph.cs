using TorchSharp.Modules;

namespace Ablation.Harness.Export.Layers;

/// <summary>GlobalAveragePool: an adaptive pool to one pixel.</summary>
internal sealed class GlobalAverageGraph : LayerGraph<AdaptiveAvgPool2d>
{
    public override GraphValue Add(OnnxGraph graph, string name, AdaptiveAvgPool2d layer, GraphValue x)
    {
        if (layer.output_size.Any(size => size != 1))
            throw graph.Problem(layer, $"pooling to {string.Join(" x ", layer.output_size)} pixels has no counterpart in ONNX",
                "pool to 1 x 1, or use AvgPool2d with a fixed kernel");
        return graph.Add("GlobalAveragePool", name, [x.Name], x.Rank);
    }
}
