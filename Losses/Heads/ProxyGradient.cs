using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Losses.Heads;

/// <summary>Gradients of some proxies. A proxy may occur more than once; its gradient is the sum.</summary>
/// <param name="Classes">N, int64.</param>
/// <param name="Values">N x D.</param>
/// <param name="Distinct">Whether it is known that no proxy occurs twice.</param>
public sealed record SparseRows(Tensor Classes, Tensor Values, bool Distinct = false);

/// <summary>
/// The gradient of the proxies between two steps of the optimiser: dense in the parameter's <c>grad</c>, or the few touched rows, or both
/// after micro-batches of both kinds.
/// </summary>
/// <param name="proxies">Returns the parameter; asked each time, since moving a module replaces its parameters.</param>
public sealed class ProxyGradient(Func<Parameter> proxies) : IDisposable
{
    private readonly List<SparseRows> rows = [];
    private bool stale = true; // grad holds the gradient of an earlier step

    /// <summary>The parameter whose gradient this is, C x D.</summary>
    internal Parameter Proxies => proxies();

    /// <summary>Touched rows in the order of arrival; empty when the gradient is dense.</summary>
    public IReadOnlyList<SparseRows> Rows => rows;

    /// <summary>Whether <c>grad</c> holds a gradient of this step.</summary>
    public bool IsDense => !stale && Proxies.grad is not null;

    /// <summary>Clears the gradient. Keeps its memory, which the next one overwrites.</summary>
    public void Clear()
    {
        stale = true;
        foreach (var part in rows)
        {
            part.Classes.Dispose();
            part.Values.Dispose();
        }

        rows.Clear();
    }

    /// <summary>Prepares <c>grad</c> for autograd.</summary>
    internal void Renew()
    {
        if (stale) Proxies.grad = null; // autograd then assigns its own, instead of adding to zeros
        stale = false;
    }

    /// <summary>Returns where a dense gradient goes, and whether it is added to what is there.</summary>
    internal (Tensor Into, bool Add) Dense()
    {
        var add = IsDense;
        if (Proxies.grad is null)
        {
            using var scope = NewDisposeScope();
            Proxies.grad = empty_like(Proxies.detach()).DetachFromDisposeScope();
        }

        stale = false;
        return (Proxies.grad!, add);
    }

    /// <summary>Adds rows and takes ownership of them.</summary>
    internal void Add(SparseRows touched) =>
        rows.Add(touched with { Classes = touched.Classes.DetachFromDisposeScope(), Values = touched.Values.DetachFromDisposeScope() });

    /// <summary>
    /// Sums the rows of each proxy, so that it occurs once. Waits for the device where they are not known to be distinct.
    /// </summary>
    public void Merge()
    {
        if (rows.Count == 0 || rows is [{ Distinct: true }]) return;
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var values = cat([.. rows.Select(part => part.Values)]);
        var (classes, places, _) = cat([.. rows.Select(part => part.Classes)]).unique(sorted: true, return_inverse: true);
        var sums = zeros([classes.shape[0], values.shape[1]], values.dtype, values.device).index_add_(0, places!, values, 1);
        foreach (var part in rows)
        {
            part.Classes.Dispose();
            part.Values.Dispose();
        }

        rows.Clear();
        Add(new SparseRows(classes, sums, Distinct: true));
    }

    /// <summary>Turns touched rows into a dense gradient, for an optimiser that takes no other.</summary>
    public void Densify()
    {
        if (rows.Count == 0) return;
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var (into, add) = Dense();
        if (!add) into.zero_();
        foreach (var part in rows) into.index_add_(0, part.Classes, part.Values.to(into.dtype), 1);
        Clear();
        stale = false;
    }

    public void Dispose() => Clear();
}
