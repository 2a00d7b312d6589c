using Ablation.Experiments.Suites;

namespace Ablation.Tests.Tuning;

/// <summary>Rounds, and who goes on, on objectives that are made up.</summary>
public sealed class HalvingTests
{
    [Test]
    public void Random_search_is_one_round_of_all_epochs() =>
        Assert.That(Halving.Rungs(Tune(TuneMethod.Random, 16), 20), Is.EqualTo(new[] { new Rung(16, 20) }));

    [TestCase(27, 1, 3, 27, "27x1 9x3 3x9 1x27")]
    [TestCase(12, 10, 3, 30, "12x10 4x30")]
    [TestCase(16, 5, 2, 22, "16x5 8x10 4x20 2x22")]
    [TestCase(4, 1, 3, 27, "4x1 1x3 1x9 1x27")]
    public void Each_round_keeps_one_of_so_many_for_so_many_times_the_epochs(int trials, int least, int reduction, int epochs,
        string rounds)
    {
        var rungs = Halving.Rungs(Tune(TuneMethod.SuccessiveHalving, trials) with { MinimumEpochs = least, Reduction = reduction }, epochs);
        Assert.That(string.Join(' ', rungs.Select(rung => $"{rung.Configurations}x{rung.Epochs}")), Is.EqualTo(rounds));
    }

    [Test]
    public void The_best_go_on_and_of_equal_ones_the_earlier()
    {
        (int, double?)[] draws = [(0, 0.5), (1, 0.9), (2, null), (3, 0.5), (4, double.NaN), (5, 0.7)];
        Assert.That(Halving.Best(draws, 4), Is.EqualTo(new[] { 1, 5, 0, 3 }));
        Assert.That(Halving.Best(draws.Reverse(), 6), Is.EqualTo(new[] { 1, 5, 0, 3, 2, 4 }), "the worst are those without a value");
    }

    [Test]
    public void On_an_objective_that_sharpens_with_the_epochs_the_best_draw_is_found()
    {
        // draw d has the value d, less an error that shrinks with the epochs and is largest for good draws: 26 looks like 20 at first
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
