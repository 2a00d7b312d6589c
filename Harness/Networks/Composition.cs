using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Harness.Networks;

/// <summary>
/// A network, or a part of one, that says what it computes of its layers. It runs by its composition, and <c>ablation export</c> writes the
/// same composition as a graph.
/// </summary>
public interface IComposed
{
    /// <summary>Its layers, which must be registered with it.</summary>
    Composition Composition { get; }
}

/// <summary>What a network computes of its layers: see <see cref="Series"/> and <see cref="ResidualSum"/>.</summary>
public abstract record Composition
{
    /// <summary>Computes it, on the CPU with this program's kernels; the result belongs to the caller's dispose scope.</summary>
    public abstract Tensor Run(Tensor x);

    private protected static Tensor Run(nn.Module<Tensor, Tensor> layer, Tensor x) =>
        layer is Sequential layers ? Chain.Run(layers, x) : layer.call(x);
}

/// <summary>One layer after the other.</summary>
public sealed record Series(params IReadOnlyList<nn.Module<Tensor, Tensor>> Layers) : Composition
{
    /// <inheritdoc/>
    public override Tensor Run(Tensor x)
    {
        using var scope = NewDisposeScope();
        return Layers.Aggregate(x, (value, layer) => Run(layer, value)).MoveToOuterDisposeScope();
    }
}

/// <summary>Last(branch(x) + shortcut(x)).</summary>
/// <param name="Shortcut">Null for x itself.</param>
/// <param name="Last">Null for the sum itself.</param>
public sealed record ResidualSum(Sequential Branch, nn.Module<Tensor, Tensor>? Shortcut = null, nn.Module<Tensor, Tensor>? Last = null)
    : Composition
{
    /// <inheritdoc/>
    public override Tensor Run(Tensor x)
    {
        using var scope = NewDisposeScope();
        return Chain.Run(Branch, x, plus: Shortcut is null ? x : Run(Shortcut, x), Last).MoveToOuterDisposeScope();
    }
}
