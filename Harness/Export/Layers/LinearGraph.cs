using Ablation.Harness.Formats;
using TorchSharp.Modules;

namespace Ablation.Harness.Export.Layers;

/// <summary>Gemm with the weight as it is stored, D x features.</summary>
internal sealed class LinearGraph : LayerGraph<Linear>
{
    public override GraphValue Add(OnnxGraph graph, string name, Linear layer, GraphValue x)
    {
        if (x.Rank != 2) throw graph.Problem(layer, $"its input has {x.Rank} dimensions, not N x features", "put a Flatten before it");
        List<string> inputs = [x.Name, graph.Weight($"{name}.weight", layer.weight!)];
        if (layer.bias is { } bias) inputs.Add(graph.Weight($"{name}.bias", bias));
        return graph.Add("Gemm", name, inputs, 2, new OnnxAttribute("transB", 1));
    }
}
