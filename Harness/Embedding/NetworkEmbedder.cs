using Ablation.Harness.Batches;
using Ablation.Harness.Networks;
using static TorchSharp.torch;

namespace Ablation.Harness.Embedding;

/// <summary>Embeds pictures by a network in evaluation mode. The network is borrowed; its mode is restored.</summary>
public sealed class NetworkEmbedder : ImageEmbedder
{
    private readonly Backbone backbone;
    private readonly Device device;
    private readonly InputForm form;
    private readonly bool wasTraining;

    /// <param name="weights">Hash of the weights; null to cache nothing.</param>
    /// <param name="form">What the network expects of a picture; null for a network of ours, which knows it.</param>
    public NetworkEmbedder(Backbone backbone, int resolution, Device device, string? weights, InputForm? form = null)
    {
        (this.backbone, this.device, Resolution, wasTraining) = (backbone, device, resolution, backbone.training);
        this.form = form ?? InputForm.Of(backbone);
        var isUsual = form is null && this.form == InputForm.Own;
        Key = weights is null ? null : isUsual ? $"network {weights}" : $"network {weights} {this.form}";
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
        var images = form.Apply(ImageTensors.ToDevice(batch, device, channelsLast: true)); // N x 3 x p x p
        if (form.Colour != ColourOrder.Rgb) images = ChannelsLast.Convert(images);
        var isSum = form.Fusion == FlipFusion.Sum;
        var plain = backbone.forward(images);
        var mirrored = isSum && fusions.Contains(FlipFusion.Sum) ? backbone.forward(ChannelsLast.Convert(images.flip(3))) : null;
        return [.. fusions.Select(fusion => OnHost(isSum && fusion == FlipFusion.Sum ? plain + mirrored! : plain))];
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        backbone.train(wasTraining);
        base.Dispose();
    }

    private static float[] OnHost(Tensor features) => features.to(ScalarType.Float32).cpu().data<float>().ToArray();
}
