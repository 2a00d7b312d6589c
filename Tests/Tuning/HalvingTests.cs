using Ablation.Experiments.Suites;

namespace Ablation.Tests.Tuning;

/// <summary>Rounds and promotions with artificial objectives.</summary>
public sealed class HalvingTests
{
    [Test]
    public void Random_search_is_one_round_of_all_epochs() =>
        Assert.That(Halving.Rungs(Tune(TuneMethod.Random, 16), 20), Is.EqualTo(new[] { new Rung(16, 20) }));

    [TestCase(27, 1, 3, 27, "27x1 9x3 3x9 1x27")]
    [TestCase(12, 10, 3, 30, "12x10 4x30")]
    [TestCase(16, 5, 2, 22, "16x5 8x10 4x20 2x22")]
    [TestCase(4, 1, 3, 27, "4x1 1x3 1x9 1x27")]
    public void Each_round_keeps_a_fraction_for_a_multiple_of_the_epochs(int trials, int least, int reduction, int epochs,
        string rounds)
    {
        var rungs = Halving.Rungs(Tune(TuneMethod.SuccessiveHalving, trials) with { MinimumEpochs = least, Reduction = reduction }, epochs);
        Assert.That(string.Join(' ', rungs.Select(rung => $"{rung.Configurations}x{rung.Epochs}")), Is.EqualTo(rounds));
    }

    [Test]
    public void The_best_are_promoted_and_the_earlier_of_equal_ones()
    {
        (int, double?)[] draws = [(0, 0.5), (1, 0.9), (2, null), (3, 0.5), (4, double.NaN), (5, 0.7)];
        Assert.That(Halving.Best(draws, 4), Is.EqualTo(new[] { 1, 5, 0, 3 }));
        Assert.That(Halving.Best(draws.Reverse(), 6), Is.EqualTo(new[] { 1, 5, 0, 3, 2, 4 }), "draws without a value are the worst");
    }

    [Test]
    public void The_best_draw_is_found_if_the_error_shrinks_with_the_epochs()
    {
        // draw d has the value d, less an error that shrinks with the epochs and is largest for good draws: 26 starts at 20
        static double? Objective(int draw, int epochs) => draw is 13 ? null : draw - (draw > 20 ? draw - 20.0 : 0) / epochs;
        var rungs = Halving.Rungs(Tune(TuneMethod.SuccessiveHalving, 27), 27);
        IReadOnlyList<int> draws = [.. Enumerable.Range(0, 27)];
        var kept = new List<string>();
        for (var rung = 1; rung < rungs.Count; rung++)
        {
            draws = Halving.Best(draws.Select(draw => (draw, Objective(draw, rungs[rung - 1].Epochs))), rungs[rung].Configurations);
            kept.Add(string.Join(' ', draws.Order()));
        }

        Assert.That(kept, Is.EqualTo(new[] { "18 19 20 21 22 23 24 25 26", "24 25 26", "26" }));
    }

    private static TuneOptions Tune(TuneMethod method, int trials) =>
        new() { Method = method, Trials = trials, Seeds = [9], Space = new Dictionary<string, IReadOnlyDictionary<string, TuneRange>>() };
}
