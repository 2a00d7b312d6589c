using Ablation.Harness.Backbones;
using Ablation.Harness.Data;
using Ablation.Harness.Training;
using static TorchSharp.torch;

namespace Ablation.Harness.Evaluation;

/// <summary>Embeds the images of a protocol: image plus mirrored image, sum of the raw features, L2-normalised.</summary>
public static class Embedder
{
    /// <summary>One embedding a row, of length 1, in the protocol's image order: ImageCount x D.</summary>
    /// <exception cref="InvalidOperationException">An embedding is NaN, infinite or zero; names the image.</exception>
    /// <exception cref="OperationCanceledException">Between two batches.</exception>
    public static float[][] Embed(Backbone backbone, PairProtocol protocol, int resolution, Device device, BatchOptions batches, CancellationToken cancel)
    {
        var rows = new float[protocol.ImageCount][];
        var training = backbone.training;
        backbone.eval();
        try
        {
            using var grad = no_grad();
            using var inference = Chain.Inference();
            var done = 0;
            foreach (var batch in EvaluationImages.Of(protocol, resolution, batches).Read(cancel))
            {
                using var scope = NewDisposeScope();
                var images = Images.ToDevice(batch, device, channelsLast: true); // N x 3 x p x p
                var fused = backbone.forward(images) + backbone.forward(ChannelsLast.Of(images.flip(3)));
                var values = nn.functional.normalize(fused.to(ScalarType.Float32), dim: 1).cpu().data<float>().ToArray();
                var width = values.Length / batch.Count;
                for (var item = 0; item < batch.Count; item++, done++)
                {
                    rows[done] = values[(item * width)..((item + 1) * width)];
                    if (!rows[done].All(float.IsFinite) || rows[done].All(value => value == 0))
                        throw new InvalidOperationException($"{protocol.Locate(done)}: its embedding is not finite or zero; the network has diverged");
                }
            }
        }
        finally
        {
            backbone.train(training);
        }

        return rows;
    }

    /// <summary>Squared distances 2 - 2 cos of the protocol's pairs.</summary>
    public static PairScores Score(PairProtocol protocol, float[][] embeddings)
    {
        var pairs = protocol.Pairs;
        var distances = new float[pairs.Count];
        for (var i = 0; i < distances.Length; i++)
        {
            var (first, second) = (embeddings[pairs[i].First], embeddings[pairs[i].Second]);
            double dot = 0;
            for (var d = 0; d < first.Length; d++) dot += (double)first[d] * second[d];
            distances[i] = (float)Math.Clamp(2 - 2 * dot, 0, 4);
        }

        return new PairScores(protocol.Name, distances, [.. pairs.Select(pair => pair.Same)], [.. pairs.Select(pair => pair.Fold)], protocol.Folds);
    }
}
