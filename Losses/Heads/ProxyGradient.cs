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
    /// Sums the rows of each proxy into one; those that are left over hold zeros, of a proxy that has a row. How many there are only the
    /// device knows, and nothing here waits for it.
    /// </summary>
    public void Merge()
    {
        if (rows.Count == 0 || rows is [{ Distinct: true }]) return;
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var (sorted, places, sums) = Grouped();
        var classes = sorted.narrow(0, 0, 1).expand_as(sorted).clone().scatter_(0, places, sorted);
        foreach (var part in rows)
        {
            part.Classes.Dispose();
            part.Values.Dispose();
        }

        rows.Clear();
        Add(new SparseRows(classes, sums));
    }

    /// <summary>Returns the rows with the whole gradient of its proxy in each: rows of one proxy are equal.</summary>
    internal (Tensor Classes, Tensor Values) Whole()
    {
        var (sorted, places, sums) = Grouped();
        return (sorted, sums.index_select(0, places));
    }

    /// <summary>Returns the norms of the proxies' gradients in any order; proxies without a gradient may be missing.</summary>
    public Tensor Norms()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        if (!IsDense) return (rows.Count > 0 ? Grouped().Sums : zeros_like(Proxies.detach())).norm(1, p: 2).MoveToOuterDisposeScope();
        var whole = rows.Count > 0 ? Proxies.grad!.clone() : Proxies.grad!;
        foreach (var part in rows) whole.index_add_(0, part.Classes, part.Values.to(whole.dtype), 1);
        return whole.norm(1, p: 2).MoveToOuterDisposeScope();
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

    /// <summary>Returns the rows' classes in order, N, the place of each one's proxy among all that occur, N, and the sums by that place,
    /// N x D.</summary>
    private (Tensor Sorted, Tensor Places, Tensor Sums) Grouped()
    {
        var values = cat([.. rows.Select(part => part.Values)]);
        var (sorted, order) = cat([.. rows.Select(part => part.Classes)]).sort(0, stable: true);
        var count = sorted.shape[0];
        var begins = sorted.narrow(0, 1, count - 1).ne(sorted.narrow(0, 0, count - 1)).to(ScalarType.Int64);
        var places = cat([zeros_like(sorted.narrow(0, 0, 1)), begins.cumsum(0)]);
        return (sorted, places, zeros_like(values).index_add_(0, places, values.index_select(0, order), 1));
    }
}
