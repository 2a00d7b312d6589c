using Ablation.Harness.Formats;
using TorchSharp.Modules;

namespace Ablation.Harness.Export.Layers;

internal sealed class AveragePoolGraph : LayerGraph<AvgPool2d>
{
    public override GraphValue Add(OnnxGraph graph, string name, AvgPool2d layer, GraphValue x)
    {
        if (layer.ceil_mode || layer.divisor_override is not null)
            throw graph.Problem(layer, "ceil_mode and divisor_override have no counterpart in ONNX", "leave them out");
        long[] kernel = Sides.Two(layer.kernel_size)!, padding = Sides.Two(layer.padding) ?? [0, 0];
        return graph.Add("AveragePool", name, [x.Name], x.Rank, new OnnxAttribute("kernel_shape", kernel),
            new OnnxAttribute("strides", Sides.Two(layer.stride) ?? kernel), new OnnxAttribute("pads", [.. padding, .. padding]),
            new OnnxAttribute("count_include_pad", layer.count_include_pad ? 1 : 0));
    }
}
