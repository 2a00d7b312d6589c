using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Losses;

/// <summary>
/// A loss head: one proxy (class weight) an identity, and the mean loss of a batch. It knows embeddings and labels and
/// nothing of the loop around it.
/// </summary>
public abstract class FaceLoss : nn.Module<Tensor, Tensor, Tensor>
{
    /// <summary>Deviation of the initial proxies. The same for every loss, so that paired seeds start from the same proxies.</summary>
    public const double InitialDeviation = 0.01;

    /// <summary>Class weights, C x D.</summary>
    public readonly Parameter proxies;

    protected FaceLoss(LossOptions options, LossShape shape) : base(Catalog.NameOf(options))
    {
        Shape = shape;
        proxies = new Parameter(zeros(shape.Classes, shape.Dimension));
    }

    public LossShape Shape { get; }

    /// <summary>Forward passes that make one step of the optimiser; a loss that changes over the training counts steps.</summary>
    public int PassesPerStep { get; set; } = 1;

    /// <summary>Draws every proxy from N(0, 0.01^2) with the given generator, on the CPU; call before moving to a device.</summary>
    public void InitialiseProxies(Generator generator)
    {
        using var grad = no_grad();
        using var drawn = randn(Shape.Classes, Shape.Dimension, generator: generator);
        proxies.copy_(drawn.mul_(InitialDeviation));
    }

    /// <summary>The mean loss of a batch, a scalar.</summary>
    /// <param name="embeddings">B x D, not normalised, float32 or float64; half precisions are computed in float32.</param>
    /// <param name="labels">B identities, int64, 0 .. C-1.</param>
    /// <returns>A scalar in the precision of the computation.</returns>
    /// <exception cref="ArgumentException">The batch is empty, or a shape or a label does not fit, or (checked on the CPU only,
    /// since a look would stall another device) an embedding is not finite. Elsewhere NaN goes through to the loss.</exception>
    public sealed override Tensor forward(Tensor embeddings, Tensor labels)
    {
        Check(embeddings, labels);
        var precise = embeddings.dtype is ScalarType.Float64 ? embeddings : embeddings.to(ScalarType.Float32);
        return Compute(precise, labels);
    }

    /// <summary>The loss of a checked batch.</summary>
    protected abstract Tensor Compute(Tensor embeddings, Tensor labels);

    /// <summary>Cosines between embeddings and proxies, B x C, in [-1, 1]; scaling either side changes nothing.</summary>
    protected Tensor Cosines(Tensor embeddings)
    {
        using var scope = NewDisposeScope();
        var samples = nn.functional.normalize(embeddings, dim: 1);              // B x D
        var centres = nn.functional.normalize(proxies.to(embeddings.dtype), dim: 1); // C x D
        return samples.matmul(centres.t()).clamp(-1, 1).MoveToOuterDisposeScope();
    }

    private void Check(Tensor embeddings, Tensor labels)
    {
        if (embeddings.dim() != 2 || embeddings.shape[1] != Shape.Dimension)
            throw new ArgumentException($"{GetName()}: embeddings of shape [{string.Join(", ", embeddings.shape)}]; expected B x {Shape.Dimension}");
        if (embeddings.shape[0] == 0) throw new ArgumentException($"{GetName()}: an empty batch has no mean loss");
        if (labels.dim() != 1 || labels.shape[0] != embeddings.shape[0])
            throw new ArgumentException($"{GetName()}: labels of shape [{string.Join(", ", labels.shape)}] for {embeddings.shape[0]} embeddings");
        if (labels.device_type != DeviceType.CPU) return;

        using var scope = NewDisposeScope();
        var values = labels.to(ScalarType.Int64).contiguous().data<long>();
        for (long i = 0; i < values.Count; i++)
        {
            if (values[i] < 0 || values[i] >= Shape.Classes)
                throw new ArgumentException($"{GetName()}: label {values[i]} at position {i} of the batch; must be in [0, {Shape.Classes})");
        }

        if (embeddings.device_type == DeviceType.CPU && !embeddings.isfinite().all().item<bool>())
            throw new ArgumentException($"{GetName()}: the embeddings hold NaN or infinity; lower the learning rate, or clip gradients");
    }
}
