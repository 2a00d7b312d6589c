using Ablation.Harness.Metrics;

namespace Ablation.Tests.Metrics;

public sealed class FigureDrawsTests
{
    private static readonly (string, string)[] Figures = [("AUC", "ties by half")];

    [Test]
    public void The_variance_is_that_of_the_mean_over_seeds_draw_by_draw()
    {
        var seeds = Enumerable.Range(1, 3).Select(seed => new PersonalPairs(30, 6, 0.2, 0.1, 0.1).Draw(seed, 0.05)).ToList();
        var (own, other) = (seeds.ConvertAll(pair => Of(pair.First)), seeds.ConvertAll(pair => Of(pair.Second)));
        var differences = Enumerable.Range(0, 60).Select(draw =>
            Enumerable.Range(0, 3).Average(seed => own[seed].Drawn[draw] - other[seed].Drawn[draw])).ToList();
        var expected = differences.Sum(one => Math.Pow(one - differences.Average(), 2)) / 59;
        Assert.That(FigureDraws.VarianceOfMeanDifference(own, other), Is.EqualTo(expected).Within(1e-15));
        Assert.That(FigureDraws.VarianceOfMeanDifference([own[0]], [own[0]]), Is.Zero, "the same network");
        Assert.That((own[0].Persons, own[0].How), Is.EqualTo((30, "60 draws, seed 4")));
    }

    [Test]
    public void Draws_without_a_value_are_left_out_up_to_a_twentieth()
    {
        var one = new FigureDraws(0.5, [.. Enumerable.Repeat(0.5, 39), double.NaN], 5, "");
        var zero = one with { Drawn = new double[40] };
        Assert.That(FigureDraws.VarianceOfMeanDifference([one], [zero]), Is.Zero);
        var fewer = one with { Drawn = [.. one.Drawn.Take(37), double.NaN, double.NaN, double.NaN] };
        Assert.That(FigureDraws.VarianceOfMeanDifference([fewer], [zero]), Is.Null);
    }

    private static FigureDraws Of(PairScores scores) => FigureDraws.Of(scores, Figures, 60, 4)[0]!;
}
