using static TorchSharp.torch;

namespace Ablation.Harness.Kernels;

/// <summary>
/// The forward pass as a list of pieces, so that kernels of our own and pieces of libtorch's autograd take turns: each piece's
/// output is a leaf for the next, and <see cref="Backward"/> walks the list from the end. TorchSharp's own custom functions
/// free what they saved only with the garbage collector; here everything goes as soon as its piece is done.
/// </summary>
internal sealed class Tape : IDisposable
{
    [ThreadStatic] private static Tape? current;
    private readonly Stack<Piece> pieces = new();

    /// <param name="Output">A leaf; its gradient is there once all later pieces are done.</param>
    /// <param name="Backward">Sends the output's gradient on.</param>
    /// <param name="Saved">Freed with the piece, besides the output.</param>
    private sealed record Piece(Tensor Output, Action<Tensor> Backward, IDisposable[] Saved);

    private readonly Func<IDisposable?> around;

    private Tape(bool usesKernels, bool checkpoints, Func<IDisposable?> around) =>
        (UsesKernels, Checkpoints, this.around) = (usesKernels, checkpoints, around);

    /// <summary>Whether kernels of our own may take pieces: on the CPU, channels-last.</summary>
    public bool UsesKernels { get; }

    /// <summary>Whether parts of the network are computed twice to save memory.</summary>
    public bool Checkpoints { get; }

    /// <summary>Bytes of all outputs recorded so far, which stay until their pieces are done.</summary>
    public long Bytes { get; private set; }

    /// <summary>The most that a part computed twice holds while it is computed.</summary>
    public long LargestPart { get; private set; }

    /// <summary>The tape of this thread; null while none records, and within <c>no_grad</c>.</summary>
    public static Tape? Current => current is not null && is_grad_enabled() ? current : null;

    /// <summary>Begins to record on this thread, until disposed.</summary>
    /// <param name="around">Opens what a second computation must run in, as the first did: mixed precision.</param>
    public static Tape Start(bool usesKernels, bool checkpoints, Func<IDisposable?> around) =>
        current is null
        ? current = new Tape(usesKernels, checkpoints, around)
        : throw new InvalidOperationException("a tape records on this thread already");

    /// <summary>Takes over the output of a piece and returns it as a leaf of the next.</summary>
    /// <param name="output">Without a graph.</param>
    /// <param name="backward">Gets the output's gradient, which it may write to and give on; called once at most.</param>
    public Tensor Record(Tensor output, Action<Tensor> backward, params IDisposable[] saved)
    {
        output.requires_grad = true;
        output.DetachFromDisposeScope();
        Bytes += output.numel() * output.ElementSize;
        pieces.Push(new Piece(output, backward, saved));
        return output;
    }

    /// <summary>A piece that autograd computes and differentiates.</summary>
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
    /// A piece that keeps nothing but its input, and is computed a second time on the way back (Chen et al., arXiv 1604.06174).
    /// </summary>
    /// <param name="restore">Called before the second time and disposed after it: puts statistics back to what the first has made of
    /// them.</param>
    public Tensor Checkpoint(Tensor x, Func<Tensor, Tensor> compute, Func<IDisposable> restore)
    {
        var output = Apart(x, compute, (_, found) => found.detach().DetachFromDisposeScope());
        return Record(output, gradient =>
        {
            using var undone = restore();
            using var slope = Apart(x, compute, (leaf, found) =>
            {
                found.backward([gradient]);
                current!.Backward();
                return leaf.grad?.DetachFromDisposeScope();
            });
            if (slope is not null) Give(x, slope.alias());
        });
    }

    /// <summary>Computes on a tape of its own, which forgets everything at the end.</summary>
    private T Apart<T>(Tensor x, Func<Tensor, Tensor> compute, Func<Tensor, Tensor, T> use)
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
            using (around()) found = compute(leaf); // the way back is not in mixed precision, whose gradients choose for themselves
            return use(leaf, found);
        }
        finally
        {
            LargestPart = Math.Max(LargestPart, inner.Bytes);
            current = this;
        }
    }

    /// <summary>Adds to a tensor's gradient; takes <paramref name="gradient"/> over where there was none.</summary>
    public static void Give(Tensor to, Tensor gradient)
    {
        if (!to.requires_grad) return;
        if (to.grad is { } before) before.add_(gradient);
        else to.grad = gradient;
    }

    /// <summary>From the gradients of the last pieces' outputs to those of all parameters.</summary>
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
