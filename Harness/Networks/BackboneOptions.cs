using Ablation.Losses.Options;
using static TorchSharp.torch;

namespace Ablation.Harness.Networks;

/// <summary>A network from images to embeddings, built for one input resolution.</summary>
/// <remarks>Input: N x 3 x p x p float, RGB, (value - 127.5) / 127.5. Output: N x D, not normalised.</remarks>
public abstract class Backbone(string name) : nn.Module<Tensor, Tensor>(name)
{
    /// <summary>Parameters of the embedding layer after the last convolution (group "fc"); all others are group "backbone".</summary>
    public abstract IEnumerable<TorchSharp.Modules.Parameter> EmbeddingLayer();
}

/// <summary>How a suite names a backbone: one file per family, found by reflection.</summary>
[ChosenByType(Place = 2)]
public abstract record BackboneOptions
{
    /// <summary>Dimension of the embedding, D.</summary>
    public abstract int EmbeddingDimension { get; init; }

    /// <summary>Builds the network for <paramref name="resolution"/> x <paramref name="resolution"/> pixels, on the CPU in
    /// float32, drawing its initial weights from torch's own generator (seed it first).</summary>
    public abstract Backbone Build(int resolution);

    /// <summary>Whether the family's strides allow a resolution.</summary>
    public abstract bool Accepts(int resolution);
}
