using static TorchSharp.torch;

namespace Ablation.Losses.Heads;

/// <summary>
/// One batch through the head: its loss, and on request its gradient. Only the straight formulation keeps autograd's graph in between.
/// </summary>
public abstract class HeadPass : IDisposable
{
    /// <summary>The mean loss of the batch, a scalar without a graph, in the precision of the computation.</summary>
    public abstract Tensor Value { get; }

    /// <summary>How it is computed.</summary>
    public abstract HeadChoice Choice { get; }

    /// <summary>
    /// Sends <paramref name="share"/> of the loss's gradient into the graph of the embeddings and adds it to that of the loss's
    /// own parameters. Call once per pass.
    /// </summary>
    /// <param name="share">1, or the share of a micro-batch in its step.</param>
    public abstract void Backward(double share = 1);

    internal bool IsOpen { get; private set; } = true;

    public void Dispose()
    {
        if (IsOpen) Release();
        IsOpen = false;
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the pass holds.</summary>
    private protected abstract void Release();
}
