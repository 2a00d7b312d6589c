using Ablation.Harness.Foundations;
using Ablation.Losses;
using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Tests.Losses;

/// <summary>
/// The published form of SphereFace-R, which computes the margin's term without autograd and multiplies the loss by lw / s: its
/// gradient by hand, in doubles, against every implementation.
/// </summary>
public sealed class SphereFaceRTests
{
    private const int Batch = 5, Classes = 9, Dimension = 4;

    private static readonly HeadOptions[] Heads =
    [
        new() { Implementation = HeadImplementation.Straight },
        new() { Implementation = HeadImplementation.Stored },
        new() { Implementation = HeadImplementation.Tiled },
        new() { Implementation = HeadImplementation.Stored, Kernel = HeadKernel.Libtorch },
        new() { Implementation = HeadImplementation.Tiled, Kernel = HeadKernel.Libtorch },
    ];

    [Test]
    public void The_published_gradient_is_that_of_the_cosines_at_probabilities_with_margin(
        [Values] SphereFaceRVersion version, [Values(1.2, 2.5)]
        double margin, [Values(null, 50.0)] double? weight, [Values(ScalarType.Float64, ScalarType.Float32)] ScalarType dtype)
    {
        var options = new SphereFaceROptions
        {
            Scale = 8,
            Margin = margin,
            Version = version,
            Gradient = MarginGradient.Detached,
            LossWeight = weight
        };
        using var problem = new KernelProblem(options, Batch, Classes, Dimension, dtype, seed: 4);
        var (byEmbeddings, byProxies) = Published(options, problem);
        foreach (var head in Heads)
        {
            var actual = problem.Run(head, dtype);
            var tolerance = dtype == ScalarType.Float64 ? 1e-9 : 1e-5;
            Assert.That(KernelProblem.Difference(actual.Embeddings, byEmbeddings), Is.LessThan(tolerance), $"embeddings, {actual.Choice}");
            Assert.That(KernelProblem.Difference(actual.Parameters["proxies"], byProxies), Is.LessThan(tolerance),
                $"proxies, {actual.Choice}");
        }
    }

    [Test]
    public void Exact_and_detached_agree_in_value_and_differ_in_gradient([Values] SphereFaceRVersion version)
    {
        var options = new SphereFaceROptions { Scale = 8, Version = version };
        using var exact = new KernelProblem(options, Batch, Classes, Dimension, ScalarType.Float64, seed: 4);
        using var detached = new KernelProblem(options with { Gradient = MarginGradient.Detached }, Batch, Classes, Dimension,
            ScalarType.Float64, seed: 4);
        var (one, other) = (exact.Run(Heads[0], ScalarType.Float64), detached.Run(Heads[0], ScalarType.Float64));
        Assert.That(other.Value, Is.EqualTo(one.Value).Within(1e-12));
        Assert.That(KernelProblem.Difference(other.Embeddings, one.Embeddings), Is.GreaterThan(0.01));
    }

    [Test]
    public void The_weight_multiplies_value_and_gradient()
    {
        using var plain = new KernelProblem(new SphereFaceROptions { Scale = 8 }, Batch, Classes, Dimension, ScalarType.Float64, seed: 4);
        using var weighed = new KernelProblem(new SphereFaceROptions { Scale = 8, LossWeight = 20 }, Batch, Classes, Dimension,
            ScalarType.Float64, seed: 4);
        foreach (var head in Heads)
        {
            var (one, other) = (plain.Run(head, ScalarType.Float64), weighed.Run(head, ScalarType.Float64));
            Assert.That(other.Value, Is.EqualTo(2.5 * one.Value).Within(1e-12), $"{one.Choice}");
            Assert.That(other.Embeddings, Is.EqualTo(one.Embeddings.Select(g => 2.5 * g)).Within(1e-12), $"{one.Choice}");
        }
    }

    [Test]
    public void Trials_with_the_default_keep_their_ids() =>
        Assert.That(SpecJson.Write<LossOptions>(new SphereFaceROptions()),
            Is.EqualTo("{\n  \"type\": \"SphereFaceR\",\n  \"scale\": 30,\n  \"margin\": 1.5,\n  \"version\": \"v1\"\n}"));

    [Test]
    public void The_published_form_reads_back_from_a_suite_file()
    {
        var options = new SphereFaceROptions { Version = SphereFaceRVersion.V0, Gradient = MarginGradient.Detached, LossWeight = 50 };
        Assert.That(SpecJson.Read<LossOptions>(SpecJson.Write<LossOptions>(options)), Is.EqualTo(options));
    }

    /// <summary>lw / s times s (p - onehot) / B, p from the logits with the margin, through the cosines without it.</summary>
    private static (double[] Embeddings, double[] Proxies) Published(SphereFaceROptions options, KernelProblem problem)
    {
        using var loss = problem.Build(new HeadOptions(), ScalarType.Float64);
        var (x, w) = (Rows(problem.Embeddings), Rows(loss.proxies));
        var labels = problem.Labels.data<long>().ToArray();
        var (byX, byW) = (new double[Batch * Dimension], new double[Classes * Dimension]);
        for (var i = 0; i < Batch; i++)
        {
            var cosines = w.Select(proxy => LossOracle.Cosine(x[i], proxy)).ToArray();
            var exponentials = LossOracle.SphereFaceRLogits(options, cosines, (int)labels[i]).Select(Math.Exp).ToArray();
            for (var j = 0; j < Classes; j++)
            {
                var slope = (options.LossWeight ?? options.Scale) * (exponentials[j] / exponentials.Sum() - (j == labels[i] ? 1 : 0))
                    / Batch;
                var (length, norm) = (Norm(x[i]), Norm(w[j]));
                for (var d = 0; d < Dimension; d++)
                {
                    byX[i * Dimension + d] += slope * (w[j][d] / norm - cosines[j] * x[i][d] / length) / length;
                    byW[j * Dimension + d] += slope * (x[i][d] / length - cosines[j] * w[j][d] / norm) / norm;
                }
            }
        }

        return (byX, byW);
    }

    private static double Norm(double[] row) => Math.Sqrt(row.Sum(v => v * v));

    private static double[][] Rows(Tensor matrix) =>
        matrix.detach().to(ScalarType.Float64).data<double>().ToArray().Chunk(Dimension).ToArray();
}
