using Ablation.Harness.Formats;
using TorchSharp.Modules;

namespace Ablation.Harness.Export.Layers;

/// <summary>Flatten: channel, row, column.</summary>
internal sealed class FlattenGraph : LayerGraph<Flatten>
{
    public override GraphValue Add(OnnxGraph graph, string name, Flatten layer, GraphValue x)
    {
        if (layer.start_dim != 1 || (layer.end_dim != -1 && layer.end_dim != x.Rank - 1))
            throw graph.Problem(layer, $"flattening dimensions {layer.start_dim} to {layer.end_dim} cannot be written",
                "flatten all dimensions from 1 on");
        return graph.Add("Flatten", name, [x.Name], 2, new OnnxAttribute("axis", 1));
    }
}
