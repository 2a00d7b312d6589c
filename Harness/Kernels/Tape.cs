using static TorchSharp.torch;

namespace Ablation.Harness.Kernels;

/// <summary>
/// Records the forward pass as a list of pieces, so that our own kernels and libtorch's autograd alternate: the output of each piece is a
/// leaf of the next, and <see cref="Backward"/> runs the list from the end. TorchSharp's custom functions free what they saved only at a
/// garbage collection; here everything is freed when its piece is done.
/// </summary>
internal sealed class Tape : IDisposable
{
    [ThreadStatic] private static Tape? current;
    private readonly Stack<Piece> pieces = new();

    /// <param name="Output">A leaf; it has its gradient when all later pieces are done.</param>
    /// <param name="Backward">Propagates the output's gradient.</param>
    /// <param name="Saved">Freed with the piece, like the output.</param>
    private sealed record Piece(Tensor Output, Action<Tensor> Backward, IDisposable[] Saved);

    private readonly Func<IDisposable?> around;

    private Tape(bool usesKernels, bool checkpoints, Func<IDisposable?> around) =>
        (UsesKernels, Checkpoints, this.around) = (usesKernels, checkpoints, around);

    /// <summary>Whether our own kernels may run pieces: on the CPU, channels-last.</summary>
    public bool UsesKernels { get; }

    /// <summary>Whether parts of the network are computed twice to save memory.</summary>
    public bool Checkpoints { get; }

    /// <summary>Bytes of all outputs recorded so far, which are kept until their pieces are done.</summary>
    public long Bytes { get; private set; }

    /// <summary>The most bytes that a part computed twice holds meanwhile.</summary>
    public long LargestPart { get; private set; }

    /// <summary>The tape that records on this thread; null if none does, and within <c>no_grad</c>.</summary>
    public static Tape? Current => current is not null && is_grad_enabled() ? current : null;

    /// <summary>Starts recording on this thread, until disposed.</summary>
    /// <param name="around">Opens the context of every computation: mixed precision.</param>
    public static Tape Start(bool usesKernels, bool checkpoints, Func<IDisposable?> around) =>
        current is null
        ? current = new Tape(usesKernels, checkpoints, around)
        : throw new InvalidOperationException("a tape records on this thread already");

    /// <summary>Takes over the output of a piece and returns it as a leaf of the next.</summary>
    /// <param name="output">Without a graph.</param>
    /// <param name="backward">Gets the output's gradient, which it may overwrite and pass on; called at most once.</param>
    public Tensor Record(Tensor output, Action<Tensor> backward, params IDisposable[] saved)
    {
        output.requires_grad = true;
        output.DetachFromDisposeScope();
        Bytes += output.numel() * output.ElementSize;
        pieces.Push(new Piece(output, backward, saved));
        return output;
    }

    /// <summary>Records a piece that autograd computes and differentiates.</summary>
    public Tensor Segment(Tensor x, Func<Tensor, Tensor> compute)
    {
        Tensor graph;
        using (var scope = NewDisposeScope()) graph = compute(x).DetachFromDisposeScope();
        return Record(graph.detach(), gradient =>
        {
            if (graph.requires_grad) graph.backward([gradient]); // not with everything frozen
        }, graph);
    }

    /// <summary>
    /// Records a piece that keeps only its input, and is computed again in the backward pass (Chen et al., arXiv 1604.06174).
    /// </summary>
    /// <param name="restore">Called before the second computation and disposed after it: restores the statistics that the first
    /// left.</param>
    public Tensor Checkpoint(Tensor x, Func<Tensor, Tensor> compute, Func<IDisposable> restore)
    {
        var output = OnInnerTape(x, compute, (_, found) => found.detach().DetachFromDisposeScope());
        return Record(output, gradient =>
        {
            using var undone = restore();
            using var slope = OnInnerTape(x, compute, (leaf, found) =>
            {
                found.backward([gradient]);
                current!.Backward();
                return leaf.grad?.DetachFromDisposeScope();
            });
            if (slope is not null) AddGradient(x, slope.alias());
        });
    }

    /// <summary>Computes on a tape of its own, which is freed at the end.</summary>
    private T OnInnerTape<T>(Tensor x, Func<Tensor, Tensor> compute, Func<Tensor, Tensor, T> use)
    {
        using var inner = new Tape(UsesKernels, checkpoints: false, around);
        current = inner;
        try
        {
            using var scope = NewDisposeScope();
            using var grad = enable_grad();
            var leaf = x.detach();
            leaf.requires_grad = x.requires_grad;
            Tensor found;
            // the backward pass is not in mixed precision: gradients have the types of their tensors
            using (around()) found = compute(leaf);
            return use(leaf, found);
        }
        finally
        {
            LargestPart = Math.Max(LargestPart, inner.Bytes);
            current = this;
        }
    }

    /// <summary>Adds to a tensor's gradient; takes over <paramref name="gradient"/> if there was none.</summary>
    public static void AddGradient(Tensor to, Tensor gradient)
    {
        if (!to.requires_grad) return;
        if (to.grad is { } before) before.add_(gradient);
        else to.grad = gradient;
    }

    /// <summary>Propagates the gradients of the last pieces' outputs to all parameters.</summary>
    public void Backward()
    {
        while (pieces.TryPop(out var piece))
        {
            using var scope = NewDisposeScope();
            using (var grad = no_grad())
            {
                if (piece.Output.grad is { } gradient)
                {
                    piece.Output.grad = null;
                    piece.Backward(gradient);
                }
            }

            Free(piece);
        }
    }

    public void Dispose()
    {
        if (current == this) current = null;
        while (pieces.TryPop(out var piece)) Free(piece);
    }

    private static void Free(Piece piece)
    {
        piece.Output.Dispose();
        foreach (var saved in piece.Saved) saved.Dispose();
    }
}
