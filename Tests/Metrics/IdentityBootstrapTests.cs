using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;
using Ablation.Harness.Protocols;

namespace Ablation.Tests.Metrics;

/// <summary>
/// Intervals by resampling persons: each draw against explicitly repeated pairs, and their width against resampled pairs.
/// </summary>
public sealed class IdentityBootstrapTests
{
    [Test]
    public void A_draw_equals_pairs_repeated_by_their_weight([Range(0, 9)] int draw)
    {
        var scores = Simulated(3, persons: 12, each: 8) with { FoldDistance = null };
        var times = IdentityBootstrap.Drawn(12, draw, seed: 5);
        Assert.That(times.Sum(), Is.EqualTo(12));
        var pairs = Enumerable.Range(0, scores.Same.Length).SelectMany(pair => Enumerable.Repeat(pair,
            scores.Same[pair] ? times[scores.FirstPerson![pair]] : times[scores.FirstPerson![pair]] * times[scores.SecondPerson![pair]]))
                .ToArray();
        T[] Repeated<T>(T[] values) => [.. pairs.Select(pair => values[pair])];
        var repeated = new PairScores(scores.Test, Repeated(scores.SquaredDistance), Repeated(scores.Same), Repeated(scores.Fold),
            scores.Folds);

        var distinct = new DistinctScores(scores.SquaredDistance);
        var weights = IdentityBootstrap.Weights(scores.Same, scores.FirstPerson!, scores.SecondPerson!, times);
        var (roc, expected) = (RocCurve.Build(scores, distinct, weights), RocCurve.Build(repeated));
        Assert.That(roc!.Points, Is.EqualTo(expected!.Points));
        foreach (var convention in new[] { "field", "whole-set", "argmax-youden" })
        {
            var figure = PairConvention.Named(convention);
            var value = figure.Accuracy(scores, distinct)(weights);
            Assert.That(value?.Value,
                Is.EqualTo(figure.Accuracy(repeated, new DistinctScores(repeated.SquaredDistance))(null)?.Value).And.Not.Null, convention);
        }

        Assert.That(FoldAccuracy.OnScores(scores, distinct)(weights)?.Value, Is.EqualTo(FoldAccuracy.Exact(repeated).Value).And.Not.Null);
    }

    [Test]
    public void The_weight_of_a_pair_is_its_persons_count_or_the_product_of_two() =>
        Assert.That(IdentityBootstrap.Weights([true, false, false, false], [0, 0, 1, 2], [0, 1, 2, 2], [2, 3, 5]),
            Is.EqualTo(new long[] { 2, 6, 15, 5 }), "the last pair is within one component and drawn with it");

    [Test]
    public void Distances_by_fold_have_the_same_weights()
    {
        var scores = Simulated(4, persons: 10, each: 8);
        scores = scores with
        {
            FoldDistance = [.. Enumerable.Range(0, scores.Same.Length * scores.Folds)
            .Select(i => scores.SquaredDistance[i / scores.Folds] / 4)]
        };
        var twice = Array.ConvertAll(scores.Same, _ => 2L);
        var accuracy = PairConvention.Named("mean-centred-arccos").Accuracy(scores, new DistinctScores(scores.SquaredDistance));
        Assert.That(accuracy(twice), Is.EqualTo(accuracy(null)).And.Not.Null);
        Assert.That(accuracy([.. twice.Select((_, i) => scores.Same[i] ? 1L : 0)]), Is.Null, "impostors of weight 0 give no threshold");
    }

    [TestCase(1, true)]
    [TestCase(2, false)]
    public void An_interval_may_lack_one_draw_in_twenty(int missing, bool isGiven)
    {
        var scores = Simulated(1, persons: 6, each: 4);
        var left = missing;
        var figure = new PairFigure("figure", "by hand", (_, _) => Interlocked.Decrement(ref left) >= 0 ? null : new PairEstimate(0.5));
        var interval = IdentityBootstrap.Intervals(scores, new DistinctScores(scores.SquaredDistance), [figure], draws: 20, seed: 0)
            .Single();
        Assert.That(interval is not null, Is.EqualTo(isGiven));
        if (isGiven) Assert.That(interval!.Kind, Does.Contain("20 draws, 1 of them without a value"));
    }

    [Test]
    public void Intervals_contain_their_figures_and_depend_only_on_the_seed()
    {
        var scores = Simulated(1, persons: 30, each: 10);
        var metrics = scores.AllMetrics(200, 7);
        Assert.Multiple(() =>
        {
            foreach (var metric in metrics.Where(metric => metric.Value is not null))
            {
                Assert.That(metric.Interval, Is.Not.Null, metric.Name);
                Assert.That(metric.Interval!.Low, Is.LessThan(metric.Interval.High), $"{metric.Name} ({metric.Estimator})");
                Assert.That(metric.Value, Is.InRange(metric.Interval.Low - 0.02, metric.Interval.High + 0.02),
                    $"{metric.Name} ({metric.Estimator})");
                Assert.That(metric.Interval.Kind, Is.EqualTo("identity bootstrap, thresholds re-estimated, 200 draws, seed 7"));
            }
        });
        Assert.That(metrics.Count(metric => metric.Value is not null), Is.GreaterThan(10));
        var unsupported = metrics.Where(metric => metric.Value is null).ToList();
        Assert.That(unsupported, Is.Not.Empty);
        Assert.That(unsupported.Select(metric => metric.Interval), Is.All.Null);
        Assert.That(scores.AllMetrics(200, 7), Is.EqualTo(metrics), "independent of threads");
        Assert.That(scores.AllMetrics(200, 8).Last().Interval!.Low, Is.Not.EqualTo(metrics[^1].Interval!.Low));
        Assert.That(scores.AllMetrics(0, 7).Select(metric => metric.Interval), Is.All.Null, "no draws were requested");
    }

    [Test]
    public void The_bits_of_a_draw_are_the_same_everywhere() => // the numbers are from an implementation of SplitMix64 in another language
        Assert.That(IdentityBootstrap.Drawn(8, 3, 11), Is.EqualTo(new[] { 1, 0, 1, 0, 1, 2, 1, 2 }));

    [Test]
    public void The_interval_is_cut_at_the_percentiles_of_the_draws()
    {
        var scores = Simulated(2, persons: 20, each: 6);
        var distinct = new DistinctScores(scores.SquaredDistance);
        var areas = Enumerable.Range(0, 41).Select(draw => RocCurve.Build(scores, distinct,
            IdentityBootstrap.Weights(scores.Same, scores.FirstPerson!, scores.SecondPerson!, IdentityBootstrap.Drawn(20, draw, 1)))!)
            .Select(roc => AreaUnderCurve.Area(roc!.Points)).Order().ToList();
        var interval = scores.AllMetrics(41, 1).Single(metric => metric.Name == "AUC").Interval!;
        Assert.That((interval.Low, interval.High), Is.EqualTo((areas[1], areas[39])), "2.5 % of 40 steps is one");
        var two = scores.AllMetrics(2, 1).Single(metric => metric.Name == "AUC").Interval!;
        Assert.That(two.High - two.Low, Is.GreaterThan(0), "interpolated between two draws");
    }

    [Test]
    public void Person_effects_widen_the_interval_far_beyond_that_of_resampled_pairs()
    {
        var scores = Simulated(6, persons: 40, each: 25);
        var distinct = new DistinctScores(scores.SquaredDistance);
        var random = new RandomStream(1, StreamPurpose.IdentityBootstrap);
        var naive = Enumerable.Range(0, 300).Select(_ =>
        {
            var weights = new long[scores.Same.Length];
            for (var i = 0; i < weights.Length; i++) weights[random.NextBelow(weights.Length)]++;
            return AreaUnderCurve.Area(RocCurve.Build(scores, distinct, weights)!.Points);
        }).Order().ToList();
        var interval = scores.AllMetrics(300, 1).Single(metric => metric.Name == "AUC").Interval!;
        Assert.That(interval.High - interval.Low, Is.GreaterThan(2 * (naive[292] - naive[7])));
    }

    [Test]
    public void Without_names_the_persons_are_the_components_of_genuine_pairs()
    {
        using var folder = new TemporaryFolder();
        using var test = MadeUpPairs.Of(folder, 3, persons: 9, imagesEach: 4, pairs: 200, PersonFrom.None);
        var scores = PairScoring.Distances(test, MadeUpPairs.FewValues(test, 3));
        Assert.That(scores.PersonsFrom, Is.EqualTo(PairScores.PersonsFromPairs));
        var named = Enumerable.Range(0, test.Pairs.Count)
            .Select(pair => (test.ImageName(test.Pairs[pair].First)[..2], scores.FirstPerson![pair])).Distinct().ToList();
        Assert.That(named, Has.Count.EqualTo(9), "200 pairs connect all images of each of nine");
        Assert.That(named.Select(one => one.Item2), Is.Unique);
        Assert.That(scores.AllMetrics(20, 0)[0].Interval!.Kind, Does.EndWith("seed 0, identities by same pairs"));
        Assert.That((scores with { FirstPerson = null, SecondPerson = null }).AllMetrics(20, 0)
            .Select(metric => metric.Interval), Is.All.Null);
    }

    [Test]
    public void Draws_without_a_value_are_counted_and_too_many_give_no_interval()
    {
        // three persons: one of nine draws has one person three times and no impostor pairs
        var scores = new PairScores("three", [0.1f, 0.2f, 0.3f, 1f, 1.1f, 0.25f], [true, true, true, false, false, false],
            [0, 1, 0, 1, 0, 1], 2)
        {
            FirstPerson = [0, 1, 2, 0, 1, 0],
            SecondPerson = [0, 1, 2, 1, 2, 2],
        };
        Assert.That(scores.AllMetrics(400, 0).Select(metric => metric.Interval), Is.All.Null);
        var five = Simulated(8, persons: 5, each: 6);
        Assert.That(five.AllMetrics(2000, 0)[^1].Interval!.Kind, Does.Match("2000 draws, [0-9]+ of them without a value, seed 0"));
    }

    [Test]
    public void Above_a_million_pairs_draws_are_opt_in()
    {
        Assert.That((IdentityBootstrap.UsualDraws(1_000_000), IdentityBootstrap.UsualDraws(1_000_001)), Is.EqualTo((1000, 0)));
        Assert.That(() => Simulated(1, 5, 4).AllMetrics(-1, 0), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    /// <summary>Returns distances with a person effect: some people are similar to others in every picture.</summary>
    private static PairScores Simulated(int seed, int persons, int each)
    {
        var random = new RandomStream(seed, StreamPurpose.SyntheticPairs);
        var effect = Enumerable.Range(0, persons).Select(_ => random.NextBell()).ToArray();
        var (distance, same, first, second) = (new List<float>(), new List<bool>(), new List<int>(), new List<int>());
        for (var i = 0; i < persons * each * 2; i++)
        {
            var (person, other) = (i / 2 % persons, (i / 2 % persons + 1 + random.NextBelow(persons - 1)) % persons);
            same.Add(i % 2 == 0);
            first.Add(person);
            second.Add(same[^1] ? person : other);
            var mean = same[^1] ? 1.0 + 0.3 * effect[person] : 1.5 + 0.15 * (effect[person] + effect[other]);
            distance.Add((float)Math.Clamp(Math.Round(mean + 0.1 * random.NextBell(), 2), 0, 4));
        }

        // persons numbered in the order in which pairs name them, as draws count them
        var numbers = first.SelectMany((person, i) => new[] { person, second[i] }).Distinct().Select((person, number) => (person, number))
            .ToDictionary(one => one.person, one => one.number);
        (first, second) = (first.ConvertAll(person => numbers[person]), second.ConvertAll(person => numbers[person]));
        return new PairScores("simulated", [.. distance], [.. same], [.. distance.Select((_, i) => i * 4 / distance.Count)],
            4)
        { FirstPerson = [.. first], SecondPerson = [.. second], PersonsFrom = PairScores.PersonsFromNames };
    }
}
