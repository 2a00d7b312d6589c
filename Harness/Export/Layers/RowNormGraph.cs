using TorchSharp.Modules;

namespace Ablation.Harness.Export.Layers;

/// <summary>Batch normalisation of rows.</summary>
internal sealed class RowNormGraph : LayerGraph<BatchNorm1d>
{
    public override GraphValue Add(OnnxGraph graph, string name, BatchNorm1d layer, GraphValue x) =>
        BatchNormalisation.Add(graph, name, layer, x, layer.eps);
}
