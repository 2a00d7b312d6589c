using System.Collections.Concurrent;
using Ablation.Experiments.Store;
using Ablation.Harness.Metrics;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>
/// Shares what the scores of a suite's trials have in common: truth, folds and persons of a test's pairs. Ten thousand trials would
/// otherwise hold ten thousand copies. Only arrays with equal values are shared.
/// </summary>
/// <param name="room">Bytes of scores that stay in memory.</param>
public sealed class SharedDesign(long room = SharedDesign.Room)
{
    private const long Room = 64 << 20;

    private readonly ConcurrentDictionary<string, PairScores> known = new(StringComparer.Ordinal);

    /// <summary>For the scores that stay in memory.</summary>
    internal ScoreRoom Scores { get; } = new(room);

    /// <summary>The same, before a file is unpacked.</summary>
    internal SharedArrays Arrays { get; } = new();

    /// <summary>Returns the same scores with the arrays of the first trial that had equal ones.</summary>
    public TestScores Share(TestScores scores)
    {
        if (scores is not PairScores pairs) return scores;
        var first = known.GetOrAdd(pairs.Test, pairs);
        return ReferenceEquals(first, pairs) ? pairs : pairs with
        {
            Same = Shared(pairs.Same, first.Same),
            Fold = Shared(pairs.Fold, first.Fold),
            FirstPerson = SharedOrNull(pairs.FirstPerson, first.FirstPerson),
            SecondPerson = SharedOrNull(pairs.SecondPerson, first.SecondPerson),
        };
    }

    private static T[] Shared<T>(T[] own, T[] first) where T : IEquatable<T> =>
        ReferenceEquals(own, first) || own.AsSpan().SequenceEqual(first) ? first : own;

    private static T[]? SharedOrNull<T>(T[]? own, T[]? first) where T : IEquatable<T> =>
        own is null || first is null ? own : Shared(own, first);
}
