using Ablation.Harness.Networks;

namespace Ablation.Harness.Export.Layers;

/// <summary>Slice of rows and columns with a step.</summary>
internal sealed class EveryPixelGraph : LayerGraph<EveryPixel>
{
    public override GraphValue Add(OnnxGraph graph, string name, EveryPixel layer, GraphValue x) =>
        graph.Add("Slice", name, [x.Name, graph.Integers($"{name}.starts", 0, 0),
            graph.Integers($"{name}.ends", long.MaxValue, long.MaxValue), graph.Integers($"{name}.axes", 2, 3),
            graph.Integers($"{name}.steps", layer.Stride, layer.Stride)], x.Rank);
}
