using Ablation.Harness.Formats;
using TorchSharp;
using TorchSharp.Modules;

namespace Ablation.Harness.Export.Layers;

/// <summary>Conv: with stride, padding by zeros, dilation and groups.</summary>
internal sealed class ConvolutionGraph : LayerGraph<Conv2d>
{
    public override GraphValue Add(OnnxGraph graph, string name, Conv2d layer, GraphValue x)
    {
        if (layer.padding_mode != PaddingModes.Zeros || layer.padding_type is not null)
            throw graph.Problem(layer, $"padding {layer.padding_type?.ToString() ?? layer.padding_mode.ToString()} cannot be written",
                "pad by a number of zeros");
        List<string> inputs = [x.Name, graph.Weight($"{name}.weight", layer.weight!)];
        if (layer.bias is { } bias) inputs.Add(graph.Weight($"{name}.bias", bias));
        return graph.Add("Conv", name, inputs, x.Rank, new OnnxAttribute("kernel_shape", layer.kernel_size!),
            new OnnxAttribute("strides", layer.stride!), new OnnxAttribute("pads", [.. layer.padding!, .. layer.padding!]),
            new OnnxAttribute("dilations", layer.dilation!), new OnnxAttribute("group", layer.groups));
    }
}
