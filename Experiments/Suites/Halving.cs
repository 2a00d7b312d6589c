namespace Ablation.Experiments.Suites;

/// <summary>A round of a search.</summary>
/// <param name="Configurations">Per loss.</param>
/// <param name="Epochs">Per training.</param>
public sealed record Rung(int Configurations, int Epochs);

/// <summary>
/// Successive halving (Jamieson and Talwalkar, AISTATS 2016), the synchronous form of ASHA (Li et al., MLSys 2020): a round is complete
/// before the next begins. ASHA promotes as soon as a worker is free, so its choice depends on which training ends first; here the same
/// results always give the same choice. All losses share a round, so few workers are idle.
/// </summary>
public static class Halving
{
    /// <summary>Returns the rounds; the last has all epochs. Random search has one round.</summary>
    /// <param name="epochs">Epochs of the suite's training.</param>
    public static IReadOnlyList<Rung> Rungs(TuneOptions tune, int epochs)
    {
        if (tune.Method == TuneMethod.Random) return [new Rung(tune.Trials, epochs)];
        var rungs = new List<Rung>();
        var configurations = tune.Trials;
        for (long length = tune.MinimumEpochs; length < epochs; length *= tune.Reduction)
        {
            rungs.Add(new Rung(configurations, (int)length));
            configurations = Math.Max(1, configurations / tune.Reduction);
        }

        rungs.Add(new Rung(configurations, epochs));
        return rungs;
    }

    /// <summary>Returns the <paramref name="count"/> best draws, best first; equal ones in the order of drawing. A draw without a value (it
    /// diverged) or with NaN is the worst.</summary>
    /// <param name="draws">The evaluated draws, without those whose training failed.</param>
    public static IReadOnlyList<int> Best(IEnumerable<(int Draw, double? Value)> draws, int count) =>
        [.. draws.OrderByDescending(one => one.Value is { } value && !double.IsNaN(value) ? value : double.NegativeInfinity)
            .ThenBy(one => one.Draw).Take(count).Select(one => one.Draw)];
}
