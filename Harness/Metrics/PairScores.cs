using Ablation.Harness.Formats;


namespace Ablation.Harness.Metrics;

/// <summary>The raw result of a pair protocol: squared Euclidean distance 2 - 2 cos (0 .. 4) per pair, its truth and its fold.</summary>
public sealed record PairScores(string Test, float[] SquaredDistance, bool[] Same, int[] Fold, int Folds) : TestScores(Test)
{
    /// <summary><see cref="PersonsFrom"/> if the test names its persons.</summary>
    public const string PersonsFromNames = "names";

    /// <summary><see cref="PersonsFrom"/> if persons are the sets of images that "same" pairs connect.</summary>
    public const string PersonsFromPairs = "same pairs";

    /// <exception cref="InvalidDataException">Something is missing.</exception>
    public PairScores(StoredScores stored)
        : this(stored.Test, stored.Array<float>("squared_distance"), stored.Array<bool>("same"), stored.Array<int>("fold"),
            stored.Number("folds"))
    {
        FirstPerson = stored.ArrayOrNull<int>("first_person");
        SecondPerson = stored.ArrayOrNull<int>("second_person");
        PersonsFrom = FirstPerson is null ? null : stored.Words.GetValueOrDefault("persons_from", PersonsFromNames);
        FoldDistance = stored.ArrayOrNull<float>("fold_distance");
        Convention = stored.Words.GetValueOrDefault("convention");
        (GalleryPixels, ProbePixels) = PixelsIn(stored);
    }

    /// <summary>The person in each pair's first image, numbered by the test; null if the test has no persons.</summary>
    public int[]? FirstPerson { get; init; }

    /// <summary>The person in each pair's second image.</summary>
    public int[]? SecondPerson { get; init; }

    /// <summary>How persons were identified; null if they were not.</summary>
    public string? PersonsFrom { get; init; }

    /// <summary>Pairs x folds: arccos(cos) / pi (0 .. 1) after the mean embedding of the other folds was subtracted; NaN if an embedding
    /// equals that mean. Null if no convention needs it (<see cref="PairConvention.NeedsFoldDistances"/>).</summary>
    public float[]? FoldDistance { get; init; }

    /// <summary>Name of the <see cref="PairConvention"/> whose accuracy tables show first; null for none.</summary>
    public string? Convention { get; init; }

    /// <inheritdoc/>
    public override StoredScores Store()
    {
        var arrays = new Dictionary<string, StoredArray>
        {
            ["squared_distance"] = StoredArray.FromArray(SquaredDistance),
            ["same"] = StoredArray.FromArray(Same),
            ["fold"] = StoredArray.FromArray(Fold),
        };
        if (FirstPerson is not null) arrays["first_person"] = StoredArray.FromArray(FirstPerson);
        if (SecondPerson is not null) arrays["second_person"] = StoredArray.FromArray(SecondPerson);
        if (FoldDistance is not null) arrays["fold_distance"] = new StoredArray(FoldDistance, SquaredDistance.Length, Folds);
        var words = new Dictionary<string, string> { ["folds"] = Folds.ToString() };
        if (PersonsFrom is not null) words["persons_from"] = PersonsFrom;
        if (Convention is not null) words["convention"] = Convention;
        return new StoredScores("Pair", Test, WithPixels(words), arrays);
    }
}
