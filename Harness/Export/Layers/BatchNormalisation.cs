using Ablation.Harness.Formats;
using TorchSharp.Modules;

namespace Ablation.Harness.Export.Layers;

/// <summary>
/// BatchNormalization by the running statistics. It stays an operation of its own, so that the weights keep their names; runtimes merge it
/// with a convolution themselves.
/// </summary>
internal static class BatchNormalisation
{
    public static GraphValue Add(OnnxGraph graph, string name, NormBase layer, GraphValue x, double epsilon)
    {
        if (layer.running_mean is not { } mean || layer.running_var is not { } variance)
            throw graph.Problem(layer, "it normalises by the statistics of a batch", "set track_running_stats");
        var scale = layer.weight is { } weight ? graph.Weight($"{name}.weight", weight)
            : graph.Numbers($"{name}.ones", 1, layer.num_features);
        var shift = layer.bias is { } bias ? graph.Weight($"{name}.bias", bias) : graph.Numbers($"{name}.zeros", 0, layer.num_features);
        return graph.Add("BatchNormalization", name, [x.Name, scale, shift, graph.Weight($"{name}.running_mean", mean),
            graph.Weight($"{name}.running_var", variance)], x.Rank, new OnnxAttribute("epsilon", (float)epsilon));
    }
}
