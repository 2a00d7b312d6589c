using TorchSharp.Modules;

namespace Ablation.Harness.Export.Layers;

internal sealed class IdentityGraph : LayerGraph<Identity>
{
    public override GraphValue Add(OnnxGraph graph, string name, Identity layer, GraphValue x) => x;
}
