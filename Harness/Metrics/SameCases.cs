using Ablation.Harness.Foundations;

namespace Ablation.Harness.Metrics;

/// <summary>Checks that two networks were tested on the same cases, so that they can be compared case by case.</summary>
public static class SameCases
{
    /// <exception cref="DataProblem">The scores are damaged, of different kinds or tests, or not of the same pairs or probes.</exception>
    public static void Require(TestScores candidate, TestScores baseline)
    {
        if (candidate.Test != baseline.Test)
            throw new DataProblem(candidate.Test, $"compared with {baseline.Test}", "compare scores of one test");
        var areSame = (candidate, baseline) switch
        {
            (PairScores one, PairScores other) => AreSame(one, other),
            (IdentificationScores one, IdentificationScores other) => AreSame(one, other),
            _ => candidate.GetType() == baseline.GetType(),
        };
        if (!areSame)
            throw new DataProblem(candidate.Test, "the two trials were not tested on the same pairs or probes",
                "evaluate both again with one version of the test");
    }

    private static bool AreSame(PairScores one, PairScores other)
    {
        one.Check();
        other.Check();
        return one.Folds == other.Folds && one.Same.AsSpan().SequenceEqual(other.Same) && one.Fold.AsSpan().SequenceEqual(other.Fold)
            && Alike(one.FirstPerson, other.FirstPerson) && Alike(one.SecondPerson, other.SecondPerson);
    }

    private static bool AreSame(IdentificationScores one, IdentificationScores other)
    {
        one.Check();
        other.Check();
        return one.Mates == other.Mates && one.MateCount.AsSpan().SequenceEqual(other.MateCount)
            && one.Distractors.AsSpan().SequenceEqual(other.Distractors)
            && one.Levels == other.Levels && Alike(one.Person, other.Person);
    }

    private static bool Alike(int[]? one, int[]? other) => one is null == other is null && one.AsSpan().SequenceEqual(other);
}
