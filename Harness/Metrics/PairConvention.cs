using Ablation.Harness.Foundations;
using Ablation.Losses.Options;

namespace Ablation.Harness.Metrics;

/// <summary>
/// A definition of "accuracy" of a pair test, as some code base computes it. One class per convention, found by reflection; a suite names
/// it by <see cref="Name"/>.
/// </summary>
public abstract class PairConvention
{
    private static readonly Lazy<IReadOnlyList<PairConvention>> Found = new(() =>
        [.. Catalog.RecordsOf<PairConvention>().Values.Select(type => (PairConvention)Activator.CreateInstance(type)!)
            .OrderBy(one => one.Name, StringComparer.Ordinal)]);

    /// <summary>All conventions, in ordinal order of their names.</summary>
    public static IReadOnlyList<PairConvention> All => Found.Value;

    /// <summary>Its name in suites: "whole-set".</summary>
    public abstract string Name { get; }

    /// <summary>One line: how threshold and distance are computed.</summary>
    public abstract string Description { get; }

    /// <summary>Whether it needs <see cref="PairScores.FoldDistance"/>.</summary>
    public virtual bool NeedsFoldDistances => false;

    /// <summary>The estimator's name in tables; no two conventions share one.</summary>
    internal abstract string Estimator(PairScores scores);

    /// <summary>Returns a function that computes the accuracy with any weights.</summary>
    internal abstract WeightedFigure Accuracy(PairScores scores, DistinctScores distinct);

    /// <exception cref="DataProblem">No convention has this name; the message lists the known ones.</exception>
    public static PairConvention Named(string name) => All.FirstOrDefault(one => one.Name == name)
        ?? throw new DataProblem("convention", $"unknown convention \"{name}\"", $"known: {Known}");

    /// <summary>The names, for errors.</summary>
    public static string Known => string.Join(", ", All.Select(one => one.Name));

    internal bool IsSupported(PairScores scores) => !NeedsFoldDistances || scores.FoldDistance is not null;

    internal PairFigure Figure(PairScores scores, DistinctScores distinct)
    {
        var accuracy = Accuracy(scores, distinct);
        return new PairFigure("accuracy", Estimator(scores), (weights, _) => accuracy(weights));
    }
}
