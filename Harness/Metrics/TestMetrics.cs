using Ablation.Harness.Foundations;
using Ablation.Losses.Options;

namespace Ablation.Harness.Metrics;

/// <summary>Finds the class that computes the figures of a kind of scores.</summary>
public abstract class TestMetrics
{
    private static readonly Lazy<IReadOnlyDictionary<Type, TestMetrics>> Found = new(() =>
        Catalog.RecordsOf<TestMetrics>().Values.Select(type => (TestMetrics)Activator.CreateInstance(type)!)
            .ToDictionary(one => one.Kind));

    internal abstract Type Kind { get; }

    internal abstract IReadOnlyList<Metric> Tables(TestScores scores);

    internal abstract IReadOnlyList<Metric> All(TestScores scores, int draws, int seed);

    internal static TestMetrics For(TestScores scores) => Found.Value.TryGetValue(scores.GetType(), out var metrics)
        ? metrics : throw new InvalidOperationException($"no class derives from TestMetrics<{scores.GetType().Name}>");
}

/// <summary>Computes the figures of one kind of scores: one class per kind with a public constructor, found by reflection.</summary>
public abstract class TestMetrics<TScores> : TestMetrics where TScores : TestScores
{
    internal override Type Kind => typeof(TScores);

    /// <inheritdoc cref="ScoreFigures.Metrics"/>
    public abstract IReadOnlyList<Metric> Metrics(TScores scores);

    /// <inheritdoc cref="ScoreFigures.AllMetrics"/>
    public abstract IReadOnlyList<Metric> AllMetrics(TScores scores, int draws, int seed);

    internal override IReadOnlyList<Metric> Tables(TestScores scores) => Metrics((TScores)scores);

    internal override IReadOnlyList<Metric> All(TestScores scores, int draws, int seed) => AllMetrics((TScores)scores, draws, seed);
}

/// <summary>The figures of scores of any kind.</summary>
public static class ScoreFigures
{
    /// <summary>Computes the figures of tables, each with its estimator. Fast: a report computes them for thousands of trials.</summary>
    /// <exception cref="DataProblem">The scores are damaged.</exception>
    public static IReadOnlyList<Metric> Metrics(this TestScores scores) => TestMetrics.For(scores).Tables(scores);

    /// <summary>Computes every figure that these scores can give: all estimators and conventions, and intervals.</summary>
    /// <param name="draws">Draws of the bootstrap, if these scores use one; 0 for none.</param>
    /// <param name="seed">Of its draws.</param>
    /// <exception cref="DataProblem">The scores are damaged.</exception>
    public static IReadOnlyList<Metric> AllMetrics(this TestScores scores, int draws, int seed) =>
        TestMetrics.For(scores).All(scores, draws, seed);
}
