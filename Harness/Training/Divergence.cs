using Ablation.Harness.Training.Checkpoints;
using Ablation.Losses;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Harness.Training;

/// <summary>The first step with a NaN or infinite loss, and figures that may explain it.</summary>
/// <param name="Step">Optimiser step, from 0.</param>
/// <param name="Images">Indices of the batch's images in the training set.</param>
/// <param name="LearningRate">At that step.</param>
/// <param name="Loss">As computed.</param>
/// <param name="SmallestCosine">Between the batch's embeddings and all proxies; null if not finite.</param>
/// <param name="LargestCosine">See <see cref="SmallestCosine"/>.</param>
/// <param name="EmbeddingNorm">Largest norm of the batch's embeddings; null if not finite.</param>
/// <param name="GradientNorms">Norm of each parameter group's last gradient: of the previous step, or of the earlier micro-batches of this
/// one. Null if not finite, or without a gradient: in the first step, and in the first one after a checkpoint.</param>
public sealed record Divergence(long Step, IReadOnlyList<int> Images, double LearningRate, string Loss,
    double? SmallestCosine, double? LargestCosine, double? EmbeddingNorm, IReadOnlyList<double?> GradientNorms);

/// <summary>Training stopped at a NaN or infinite loss.</summary>
public sealed class DivergedException(Divergence divergence, IReadOnlyList<HistoryPoint> history)
    : Exception($"the loss was {divergence.Loss} at step {divergence.Step} (learning rate {divergence.LearningRate:g3}); lower the " +
        $"rate, lengthen the warm-up or clip gradients")
{
    public Divergence Divergence { get; } = divergence;

    /// <summary>The log points before the divergence.</summary>
    public IReadOnlyList<HistoryPoint> History { get; } = history;
}

/// <summary>Describes a step that diverged.</summary>
internal sealed class DivergenceProbe(FaceLoss loss, IReadOnlyList<Optimizers.Group> groups)
{
    /// <summary>Describes the first bad step since the last log point; its cosines are no longer available.</summary>
    /// <param name="count">Steps since the previous log point; 0 if the weights are bad, not a loss.</param>
    public Divergence FromWindow(LossWindow window, long firstStep, int count, double rate)
    {
        var (at, value, images) = count > 0 ? window.FirstBad(count) : (0, float.NaN, []);
        var what = count > 0 ? value.ToString() : "finite, but its step gave weights that are not";
        return new Divergence(firstStep + at, [.. images], rate, what, null, null, null, GradientNorms());
    }

    /// <summary>Describes the current step, including its cosines.</summary>
    /// <param name="embeddings">Of the same images, computed again: B x D.</param>
    public Divergence Examine(Tensor embeddings, ReadOnlySpan<int> images, long step, double seen, double rate)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var precise = embeddings.to(ScalarType.Float32);
        var cosines = nn.functional.normalize(precise, dim: 1).matmul(nn.functional.normalize(loss.proxies, dim: 1).t());
        return new Divergence(step, images.ToArray(), rate, seen.ToString(),
            Finite(cosines.min()), Finite(cosines.max()), Finite(precise.norm(1, p: 2).max()), GradientNorms());
    }

    public bool WeightsAreFinite()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        return stack(groups.SelectMany(group => group.Parameters).Select(parameter => parameter.isfinite().all())).all().cpu().item<bool>();
    }

    private List<double?> GradientNorms()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        loss.Gradient.Densify();
        return [.. groups.Select(group => Norm(group.Parameters))];
    }

    private static double? Norm(IEnumerable<Parameter> parameters)
    {
        var squares = parameters.Select(parameter => parameter.grad).OfType<Tensor>().Select(gradient => gradient.square().sum()).ToList();
        return squares.Count > 0 ? Finite(stack(squares).sum().sqrt()) : null;
    }

    private static double? Finite(Tensor scalar) => scalar.item<float>() is var value && float.IsFinite(value) ? value : null;
}
