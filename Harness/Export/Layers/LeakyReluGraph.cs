using Ablation.Harness.Formats;
using TorchSharp.Modules;

namespace Ablation.Harness.Export.Layers;

internal sealed class LeakyReluGraph : LayerGraph<LeakyReLU>
{
    public override GraphValue Add(OnnxGraph graph, string name, LeakyReLU layer, GraphValue x) =>
        graph.Add("LeakyRelu", name, [x.Name], x.Rank, new OnnxAttribute("alpha", (float)layer.negative_slope));
}
