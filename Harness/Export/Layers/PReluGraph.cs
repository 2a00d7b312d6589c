using TorchSharp.Modules;

namespace Ablation.Harness.Export.Layers;

/// <summary>PRelu. ONNX broadcasts the slopes from the last dimension, so those of maps have the shape C x 1 x 1.</summary>
internal sealed class PReluGraph : LayerGraph<PReLU>
{
    public override GraphValue Add(OnnxGraph graph, string name, PReLU layer, GraphValue x)
    {
        long[] shape = [layer.num_parameters, .. Enumerable.Repeat(1L, x.Rank - 2)];
        return graph.Add("PRelu", name, [x.Name, graph.Weight($"{name}.weight", layer.weight!, shape)], x.Rank);
    }
}
