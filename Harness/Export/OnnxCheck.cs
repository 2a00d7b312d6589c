using Ablation.Harness.Batches;
using Ablation.Harness.Embedding;
using Ablation.Harness.Formats;
using Ablation.Harness.Networks;
using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;

namespace Ablation.Harness.Export;

/// <summary>Compares an ONNX file, run by ONNX Runtime, with the network that it was written from, run as an evaluation runs it.</summary>
internal static class OnnxCheck
{
    /// <summary>Greatest accepted difference, relative to the largest value of the embedding.</summary>
    public const double Tolerance = 1e-4;

    private static readonly int[] Batches = [1, 7];

    /// <summary>Embeds random pictures in a batch of 1 and one of 7.</summary>
    /// <returns>The greatest difference relative to the largest absolute value of its embedding, and its batch; infinite where a value is
    /// NaN or the files' outputs have other sizes.</returns>
    /// <exception cref="InvalidDataException">ONNX Runtime refuses the file.</exception>
    public static (double Difference, int Batch) Compare(string path, Backbone network, int resolution)
    {
        // both take the values as they are
        using var embedder = new NetworkEmbedder(network, resolution, CPU, weights: null, InputForm.Own);
        try
        {
            using var options = new SessionOptions
            {
                IntraOpNumThreads = get_num_threads(),
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
            };
            using var session = new InferenceSession(path, options);
            return Batches.Select(count => (Difference(session, embedder, Pictures(count, resolution)), count)).MaxBy(one => one.Item1);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidDataException($"ONNX Runtime does not run the file ({e.Message}): it was not kept", e);
        }
    }

    private static double Difference(InferenceSession session, NetworkEmbedder embedder, Batch batch)
    {
        var expected = embedder.Embed(batch, [FlipFusion.ImageOnly])[0];
        using var input = OrtValue.CreateTensorValueFromMemory(batch.Pixels, [batch.Count, 3, batch.Resolution, batch.Resolution]);
        using var run = new RunOptions();
        using var outputs = session.Run(run, [OnnxFile.Input], [input], [OnnxFile.Output]);
        return Difference(expected, outputs[0].GetTensorDataAsSpan<float>(), batch.Count);
    }

    private static double Difference(ReadOnlySpan<float> expected, ReadOnlySpan<float> found, int rows)
    {
        if (expected.Length != found.Length) return double.PositiveInfinity;
        double greatest = 0;
        var size = expected.Length / rows;
        for (var row = 0; row < rows; row++)
        {
            double largest = 0, difference = 0;
            for (var i = row * size; i < (row + 1) * size; i++)
            {
                if (!float.IsFinite(expected[i]) || !float.IsFinite(found[i])) return double.PositiveInfinity;
                largest = Math.Max(largest, Math.Abs(expected[i]));
                difference = Math.Max(difference, Math.Abs((double)expected[i] - found[i]));
            }

            if (difference > 0) greatest = Math.Max(greatest, difference / largest);
        }

        return greatest;
    }

    private static Batch Pictures(int count, int resolution)
    {
        var random = new Random(1);
        var batch = new Batch(count, resolution, labelled: false) { Count = count };
        for (var i = 0; i < batch.Pixels.Length; i++) batch.Pixels[i] = 2 * random.NextSingle() - 1;
        return batch;
    }
}
