using Ablation.Losses.Heads;
using Ablation.Losses.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Losses.Passes;

/// <summary>The proxies that take part in a pass, all of them or those drawn, and where their gradients go.</summary>
/// <param name="Weights">C' x D, in the precision of the computation, contiguous; K times C' where an identity has K.</param>
/// <param name="Labels">B, the index of each sample's own proxy among them.</param>
/// <param name="Classes">C', the identity of each proxy; null when all take part, in order.</param>
internal sealed record ProxyView(Tensor Weights, Tensor Labels, Tensor? Classes) : IDisposable
{
    /// <summary>Takes ownership of the tensors, beyond the scope that made them.</summary>
    public static ProxyView Owning(Tensor weights, Tensor labels, Tensor? classes) =>
        new(weights.alias().DetachFromDisposeScope(), labels.alias().DetachFromDisposeScope(), classes?.alias().DetachFromDisposeScope());

    public void Dispose()
    {
        Weights.Dispose();
        Labels.Dispose();
        Classes?.Dispose();
    }

    /// <summary>Returns the bias of these proxies.</summary>
    public Tensor? Select(Parameter? bias)
    {
        if (bias is null) return null;
        var values = bias.detach().to(Weights.dtype);
        return Classes is null ? values.alias() : values.index_select(0, Classes);
    }

    /// <summary>Returns the rows of the parameter that these proxies are, one for each of <see cref="Weights"/>.</summary>
    /// <param name="all">Rows of the parameter.</param>
    private Tensor Rows(long all)
    {
        var centers = Weights.shape[0] / Classes!.shape[0];
        if (centers == 1) return Classes.clone();
        return (arange(centers, ScalarType.Int64, Classes.device).unsqueeze(1) * (all / centers) + Classes).view(-1);
    }

    /// <summary>
    /// Calls <paramref name="write"/> with the memory for a dense gradient of these proxies: the parameter's own gradient when all of them
    /// take part; when they were drawn, new memory that is passed on as touched rows.
    /// </summary>
    public void Deliver(ProxyGradient gradient, Parameter? bias, Action<GradientTarget> write)
    {
        using var scope = NewDisposeScope();
        var biasGradient = bias is null ? null : zeros(Weights.shape[0], Weights.dtype, Weights.device);
        if (Classes is null)
        {
            var (into, add) = gradient.Dense();
            if (into.dtype == Weights.dtype) write(new GradientTarget(into, add, biasGradient));
            else
            {
                var precise = zeros_like(Weights);
                write(new GradientTarget(precise, false, biasGradient));
                if (add) into.add_(precise);
                else into.copy_(precise);
            }
        }
        else
        {
            var values = empty_like(Weights);
            write(new GradientTarget(values, false, biasGradient));
            gradient.Add(new SparseRows(Rows(gradient.Proxies.shape[0]), values, Distinct: true));
        }

        if (bias is null) return;
        if (bias.grad is null) bias.grad = zeros_like(bias.detach()).DetachFromDisposeScope();
        if (Classes is null) bias.grad!.add_(biasGradient!);
        else bias.grad!.index_add_(0, Classes, biasGradient!.to(bias.dtype), 1);
    }
}
