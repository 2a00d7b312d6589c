using TorchSharp.Modules;

namespace Ablation.Harness.Export.Layers;

/// <summary>Dropout does nothing in evaluation mode.</summary>
internal sealed class DropoutGraph : LayerGraph<Dropout>
{
    public override GraphValue Add(OnnxGraph graph, string name, Dropout layer, GraphValue x) => x;
}
