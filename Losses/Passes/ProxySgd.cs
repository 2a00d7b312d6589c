using Ablation.Losses.Heads;
using Ablation.Losses.Kernels;
using Ablation.Losses.Kernels.Fused;
using static TorchSharp.torch;

namespace Ablation.Losses.Passes;

/// <summary>
/// SGD with momentum and weight decay for the proxies alone: <c>d = g + decay w; v = momentum v + d; w -= rate (v, or d +
/// momentum v by Nesterov)</c>, what torch's SGD does, in one pass over the memory and with a gradient that may touch few rows.
/// </summary>
/// <param name="gradient">Of the proxies, which it steps.</param>
/// <param name="lazy">Whether rows that a sparse gradient does not touch stand still, instead of moving with a gradient of 0.</param>
public sealed class ProxySgd(ProxyGradient gradient, SgdRule rule, bool lazy) : IDisposable
{
    /// <summary>The buffer of the momentum, C x D; null before the first step and without momentum. Part of a checkpoint.</summary>
    public Tensor? Velocity { get; private set; }

    /// <summary>Allocates the buffer of the momentum before the first step, to be filled from a checkpoint.</summary>
    public void Allocate()
    {
        using var scope = NewDisposeScope();
        if (rule.Momentum > 0) Velocity ??= zeros_like(gradient.Proxies.detach()).DetachFromDisposeScope();
    }

    /// <summary>Takes a step with the gradient; a missing one counts as 0.</summary>
    public void Step(double rate)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var proxies = gradient.Proxies.detach();
        Allocate();
        if (gradient.IsDense) gradient.Densify(); // micro-batches of both kinds
        if (gradient.IsDense || gradient.Rows.Count == 0) Dense(proxies, gradient.IsDense ? gradient.Proxies.grad! : null, rate);
        else Sparse(proxies, gradient.Rows, rate);
    }

    public void Dispose()
    {
        Velocity?.Dispose();
        Velocity = null;
    }

    private static bool InOnePass(Tensor proxies) =>
        CpuPath.IsTaken(proxies) && proxies.dtype == ScalarType.Float32 && MicroKernel.IsSupported;

    private void Dense(Tensor proxies, Tensor? values, double rate)
    {
        if (InOnePass(proxies))
        {
            new SgdPass(proxies, Velocity, rule, rate).Dense(values);
            return;
        }

        var move = rule.Decay > 0 ? proxies * rule.Decay : zeros_like(proxies);
        if (values is not null) move.add_(values);
        proxies.sub_(Moved(Velocity, move) * rate);
    }

    private void Sparse(Tensor proxies, IReadOnlyList<SparseRows> rows, double rate)
    {
        if (lazy && !InOnePass(proxies)) gradient.Merge();
        var classes = cat([.. rows.Select(part => part.Classes)]);
        var values = cat([.. rows.Select(part => part.Values)]).to(proxies.dtype);
        if (InOnePass(proxies))
        {
            new SgdPass(proxies, Velocity, rule, rate).Sparse(classes, values, lazy);
            return;
        }

        if (lazy)
        {
            var moved = proxies.index_select(0, classes);
            var velocity = Velocity?.index_select(0, classes);
            moved.sub_(Moved(velocity, moved * rule.Decay + values) * rate);
            proxies.index_copy_(0, classes, moved);
            if (velocity is not null) Velocity!.index_copy_(0, classes, velocity);
        }
        else
        {
            proxies.sub_(Moved(Velocity, (proxies * rule.Decay).index_add_(0, classes, values, 1)) * rate);
        }
    }

    /// <summary>Adds a move to the momentum and returns what a proxy moves by.</summary>
    private Tensor Moved(Tensor? velocity, Tensor move)
    {
        if (velocity is null) return move;
        velocity.mul_(rule.Momentum).add_(move);
        return rule.Nesterov ? move.add_(velocity * rule.Momentum) : velocity;
    }
}
