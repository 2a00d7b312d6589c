using Ablation.Harness.Batches;
using Ablation.Harness.Networks;
using static TorchSharp.torch;

namespace Ablation.Harness.Embedding;

/// <summary>Embeds pictures by a network in evaluation mode. The network is borrowed; its mode is restored.</summary>
public sealed class NetworkEmbedder : ImageEmbedder
{
    private readonly Backbone backbone;
    private readonly Device device;
    private readonly bool wasTraining;

    /// <param name="weights">Hash of the weights; null to cache nothing.</param>
    public NetworkEmbedder(Backbone backbone, int resolution, Device device, string? weights)
    {
        (this.backbone, this.device, Resolution, Key, wasTraining) = (backbone, device, resolution, weights is null
            ? null : $"network {weights}", backbone.training);
        backbone.eval();
    }

    /// <inheritdoc/>
    public override int Resolution { get; }

    /// <inheritdoc/>
    public override string? Key { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<float[]> Embed(Batch batch, IReadOnlyList<FlipFusion> fusions)
    {
        using var grad = no_grad();
        using var inference = Chain.Inference();
        using var scope = NewDisposeScope();
        var images = ImageTensors.ToDevice(batch, device, channelsLast: true); // N x 3 x p x p
        var plain = backbone.forward(images);
        var mirrored = fusions.Contains(FlipFusion.Sum) ? backbone.forward(ChannelsLast.Convert(images.flip(3))) : null;
        return [.. fusions.Select(fusion => OnHost(fusion == FlipFusion.Sum ? plain + mirrored! : plain))];
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        backbone.train(wasTraining);
        base.Dispose();
    }

    private static float[] OnHost(Tensor features) => features.to(ScalarType.Float32).cpu().data<float>().ToArray();
}
