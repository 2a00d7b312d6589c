using System.Globalization;

namespace Ablation.Harness.Evaluation;

/// <summary>The raw result of a pair protocol: squared Euclidean distance 2 - 2 cos (0 .. 4) a pair, its truth and its fold.</summary>
public sealed record PairScores(string Test, float[] SquaredDistance, bool[] Same, int[] Fold, int Folds) : TestScores(Test)
{
    /// <exception cref="InvalidDataException">Something is missing.</exception>
    public PairScores(StoredScores stored) : this(stored.Test, stored.Array<float>("squared_distance"), stored.Array<bool>("same"), stored.Array<int>("fold"), stored.Number("folds"))
    {
        FirstPerson = stored.ArrayOrNull<int>("first_person");
        SecondPerson = stored.ArrayOrNull<int>("second_person");
    }

    /// <summary>Who the pairs' first images show, as numbers of the test's own; null where the test does not know.</summary>
    public int[]? FirstPerson { get; init; }

    /// <summary>Who the second images show.</summary>
    public int[]? SecondPerson { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> Metrics() => Verification.Metrics(this, Trial.FalseAcceptRates);

    /// <inheritdoc/>
    public override StoredScores Store()
    {
        var arrays = new Dictionary<string, StoredArray>
        {
            ["squared_distance"] = StoredArray.Of(SquaredDistance), ["same"] = StoredArray.Of(Same), ["fold"] = StoredArray.Of(Fold),
        };
        if (FirstPerson is not null) arrays["first_person"] = StoredArray.Of(FirstPerson);
        if (SecondPerson is not null) arrays["second_person"] = StoredArray.Of(SecondPerson);
        return new StoredScores("Pair", Test, new Dictionary<string, string> { ["folds"] = Folds.ToString(CultureInfo.InvariantCulture) }, arrays);
    }
}
