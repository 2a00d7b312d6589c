using Ablation.Losses.Heads;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Losses.Passes;

/// <summary>Adds the losses of two passes over the same embeddings, whose gradients go to the backbone together.</summary>
internal sealed class MemoryPass : HeadPass
{
    private readonly Tensor embeddings, leaf; // the backbone's, and what the two passes take for them
    private readonly HeadPass classes;
    private readonly HeadPass? memory;
    private readonly Parameter? shift;

    /// <param name="classes">Makes the pass with the proxies.</param>
    /// <param name="memory">Makes the pass with the memory; null while it is not used.</param>
    /// <param name="shift">Trained by the pass with the memory; has a gradient of 0 while that is not used.</param>
    public MemoryPass(Tensor embeddings, Func<Tensor, HeadPass> classes, Func<Tensor, HeadPass>? memory, Parameter? shift)
    {
        this.shift = shift;
        this.embeddings = embeddings.alias().DetachFromDisposeScope();
        leaf = embeddings.detach().requires_grad_().DetachFromDisposeScope();
        this.classes = classes(leaf);
        this.memory = memory?.Invoke(leaf);
        using var grad = no_grad();
        Value = (this.memory is null ? this.classes.Value.clone() : this.classes.Value + this.memory.Value).DetachFromDisposeScope();
    }

    public override Tensor Value { get; }

    public override HeadChoice Choice => classes.Choice;

    public override void Backward(double share = 1)
    {
        classes.Backward(share);
        memory?.Backward(share);
        if (shift is { grad: null }) shift.grad = zeros_like(shift.detach()).DetachFromDisposeScope();
        if (embeddings.requires_grad) embeddings.backward([leaf.grad!]);
    }

    private protected override void Release()
    {
        classes.Dispose();
        memory?.Dispose();
        foreach (var tensor in new[] { embeddings, leaf, Value }) tensor.Dispose();
    }
}
