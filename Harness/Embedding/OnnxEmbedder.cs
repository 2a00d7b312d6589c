using Ablation.Harness.Batches;

namespace Ablation.Harness.Embedding;

/// <summary>Embeds pictures by a network in an ONNX file, which is borrowed.</summary>
public sealed class OnnxEmbedder(OnnxNetwork network, int resolution, InputForm form) : ImageEmbedder
{
    /// <inheritdoc/>
    public override int Resolution => resolution;

    /// <inheritdoc/>
    public override string Key => $"onnx {network.Hash} {form}";

    /// <inheritdoc/>
    public override IReadOnlyList<float[]> Embed(Batch batch, IReadOnlyList<FlipFusion> fusions)
    {
        var one = 3 * resolution * resolution;
        var pictures = new float[batch.Count * one];
        for (var item = 0; item < batch.Count; item++) form.Write(batch.PixelsOf(item), pictures.AsSpan(item * one, one));
        var plain = network.Run(pictures, batch.Count, resolution);
        if (form.Fusion != FlipFusion.Sum || !fusions.Contains(FlipFusion.Sum)) return [.. fusions.Select(_ => plain)];
        for (var row = 0; row < pictures.Length; row += resolution) pictures.AsSpan(row, resolution).Reverse();
        var mirrored = network.Run(pictures, batch.Count, resolution);
        float[] sum = [.. plain.Zip(mirrored, (first, second) => first + second)];
        return [.. fusions.Select(fusion => fusion == FlipFusion.Sum ? sum : plain)];
    }
}
