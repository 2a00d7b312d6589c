using Ablation.Harness.Formats;
using TorchSharp.Modules;

namespace Ablation.Harness.Export.Layers;

internal sealed class MaxPoolGraph : LayerGraph<MaxPool2d>
{
    public override GraphValue Add(OnnxGraph graph, string name, MaxPool2d layer, GraphValue x)
    {
        if (layer.ceil_mode) throw graph.Problem(layer, "its ceil_mode rounds otherwise than ONNX does", "leave ceil_mode out");
        long[] kernel = Sides.Two(layer.kernel_size)!, padding = Sides.Two(layer.padding) ?? [0, 0];
        return graph.Add("MaxPool", name, [x.Name], x.Rank, new OnnxAttribute("kernel_shape", kernel),
            new OnnxAttribute("strides", Sides.Two(layer.stride) ?? kernel), new OnnxAttribute("pads", [.. padding, .. padding]),
            new OnnxAttribute("dilations", Sides.Two(layer.dilation) ?? [1, 1]));
    }
}
