using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Losses.Heads;

/// <summary>Gradients of some proxies. A proxy may occur more than once: its gradient is their sum.</summary>
/// <param name="Classes">N, int64.</param>
/// <param name="Values">N x D.</param>
/// <param name="Distinct">Whether no proxy is known to occur twice.</param>
public sealed record SparseRows(Tensor Classes, Tensor Values, bool Distinct = false);

/// <summary>
/// The gradient of the proxies between two steps of the optimiser: a dense one in the parameter's <c>grad</c>, or the few rows
/// that were touched, or (after micro-batches of both kinds) both.
/// </summary>
/// <param name="proxies">Returns the parameter; asked each time, since moving a module replaces its parameters.</param>
public sealed class ProxyGradient(Func<Parameter> proxies) : IDisposable
{
    private readonly List<SparseRows> rows = [];
    private bool stale = true; // what stands in grad belongs to a step that is over

    /// <summary>The parameter whose gradient this is, C x D.</summary>
    internal Parameter Proxies => proxies();

    /// <summary>Touched rows, in the order in which they came; empty when the gradient is dense.</summary>
    public IReadOnlyList<SparseRows> Rows => rows;

    /// <summary>Whether <c>grad</c> holds a gradient of this step.</summary>
    public bool IsDense => !stale && Proxies.grad is not null;

    /// <summary>Forgets the gradient. Memory is kept: the next one overwrites it.</summary>
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

    /// <summary>Makes <c>grad</c> ready for autograd.</summary>
    internal void Renew()
    {
        if (stale) Proxies.grad = null; // autograd then hands over its own, where it would add to zeros
        stale = false;
    }

    /// <summary>Where a dense gradient goes, and whether it is to be added to what stands there.</summary>
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

    /// <summary>Adds rows; they belong to this object from now on.</summary>
    internal void Add(SparseRows touched) =>
        rows.Add(touched with { Classes = touched.Classes.DetachFromDisposeScope(), Values = touched.Values.DetachFromDisposeScope() });

    /// <summary>
    /// Sums rows of the same proxy, so that each occurs once. Waits for a device where they are not known to be distinct.
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

    /// <summary>Turns touched rows into a dense gradient, for an optimiser that knows no other.</summary>
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
