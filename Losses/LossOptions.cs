using Ablation.Losses.Heads;
using Ablation.Losses.Options;

namespace Ablation.Losses;

/// <summary>
/// The options of one loss: an immutable record that holds their defaults. A loss is one file: this record and the module of its
/// mathematics. Any loaded assembly is searched for it (<see cref="Catalog"/>).
/// </summary>
[ChosenByType(Place = 1)]
public abstract record LossOptions
{
    /// <summary>Builds the loss with proxies at zero; draw them with <see cref="FaceLoss.InitialiseProxies"/>.</summary>
    /// <exception cref="ArgumentException">An option is out of its range, or does not fit the shape; lists every problem.</exception>
    public FaceLoss Build(LossShape shape)
    {
        var problems = Problems(shape).ToList();
        if (problems.Count > 0) throw new ArgumentException($"{Catalog.NameOf(this)}: {string.Join("; ", problems)}");
        return Create(shape);
    }

    /// <summary>Returns everything wrong with these options for this shape; empty when they are valid.</summary>
    public IEnumerable<string> Problems(LossShape shape)
    {
        if (shape.Classes < 2) yield return $"{shape.Classes} classes; a loss needs at least 2 identities";
        if (shape.Dimension < 1) yield return $"embedding dimension {shape.Dimension}; it must be at least 1";
        foreach (var problem in OptionRanges.Problems(this).Concat(OptionLists.Problems(this))) yield return problem;
        foreach (var problem in OwnProblems(shape)) yield return problem;
    }

    /// <summary>Returns what the loss keeps of each identity, by which memory is predicted.</summary>
    public virtual HeadRows RowsPerIdentity() => new(Proxies: 1, Constant: 0);

    /// <summary>Returns problems that the range of one property cannot express.</summary>
    protected virtual IEnumerable<string> OwnProblems(LossShape shape) => [];

    protected abstract FaceLoss Create(LossShape shape);
}
