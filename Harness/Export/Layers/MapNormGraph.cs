using TorchSharp.Modules;

namespace Ablation.Harness.Export.Layers;

/// <summary>Batch normalisation of maps.</summary>
internal sealed class MapNormGraph : LayerGraph<BatchNorm2d>
{
    public override GraphValue Add(OnnxGraph graph, string name, BatchNorm2d layer, GraphValue x) =>
        BatchNormalisation.Add(graph, name, layer, x, layer.eps);
}
