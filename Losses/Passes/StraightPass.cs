using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Losses.Passes;

/// <summary>Wraps the straight formulation: autograd holds the graph and as many B x C matrices as it needs.</summary>
internal sealed class StraightPass : HeadPass
{
    private readonly ProxyGradient gradient;
    private readonly Tensor graph;

    /// <param name="graph">The mean loss of the batch with its graph; belongs to the pass from now on.</param>
    public StraightPass(Tensor graph, ProxyGradient gradient, int classes)
    {
        (this.graph, this.gradient) = (graph.DetachFromDisposeScope(), gradient);
        Value = graph.detach().DetachFromDisposeScope();
        Choice = new HeadChoice(HeadImplementation.Straight, "autograd", classes);
    }

    public override Tensor Value { get; }

    public override HeadChoice Choice { get; }

    public override void Backward(double share = 1)
    {
        using var scope = NewDisposeScope();
        gradient.Renew();
        (share == 1 ? graph : graph * share).backward();
    }

    private protected override void Release()
    {
        graph.Dispose();
        Value.Dispose();
    }
}
