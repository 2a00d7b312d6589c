using TorchSharp.Modules;

namespace Ablation.Harness.Export.Layers;

internal sealed class ReluGraph : LayerGraph<ReLU>
{
    public override GraphValue Add(OnnxGraph graph, string name, ReLU layer, GraphValue x) => graph.Add("Relu", name, [x.Name], x.Rank);
}
