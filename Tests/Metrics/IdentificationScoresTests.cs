using Ablation.Experiments.Store;
using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;

namespace Ablation.Tests.Metrics;

public sealed class IdentificationScoresTests
{
    /// <summary>Three mated probes, the second with two mates, and two non-mated ones; two levels.</summary>
    private static IdentificationScores Example() => new("test", MateRule.Any, [1, 2, 0, 1, 0], [0.9, 0.3, 0.6, 0.5],
        [0, 0, 5, 8, 1, 2, 3, 4], [0.8, 0.85, 0.65, 0.7, 0.4, 0.5, 0.55, 0.6, 0.2, 0.55], [[0.8, 0.65, 0.64], [0.85, 0.7, 0.69]],
            [10, 1000], [1, 2, 5])
    { Person = [1, 1, 2, 3, 4] };

    [Test]
    public void Ranks_and_precision_are_those_of_the_definitions()
    {
        var figures = Values(Example().Metrics());
        Assert.That(figures["rank-1 @ 10 distractors (any mate)"], Is.EqualTo(1 / 3.0));
        Assert.That(figures["rank-2 @ 10 distractors (any mate)"], Is.EqualTo(2 / 3.0));
        Assert.That(figures["rank-2 @ 1k distractors (any mate)"], Is.EqualTo(1 / 3.0));
        Assert.That(figures["rank-5 @ 1k distractors (any mate)"], Is.EqualTo(1));
        Assert.That(figures["mAP @ 10 distractors (all mates)"], Is.EqualTo((1 + (1 / 2.0 + 2 / 7.0) / 2 + 1 / 4.0) / 3).Within(1e-15));
        Assert.That(Example().Metrics().Select(metric => metric.N), Is.All.EqualTo(3));
    }

    [Test]
    public void The_best_mate_has_the_highest_score()
    {
        Assert.That(new RankedTrials(Example(), 0).BestMate, Is.EqualTo(new[] { 0.9, 0.6, 0.5 }));
        var ordered = Example() with { MateScore = [0.9, 0.6, 0.3, 0.5], Before = [0, 0, 1, 2, 5, 8, 3, 4] };
        Assert.That(new RankedTrials(ordered, 0).BestMate, Is.EqualTo(new[] { 0.9, 0.6, 0.5 }));
    }

    [Test]
    public void Each_mate_alone_is_a_separate_trial()
    {
        var alone = Example() with { Mates = MateRule.EachAlone };
        var figures = Values(alone.Metrics());
        Assert.That(figures["rank-1 @ 10 distractors (each mate alone)"], Is.EqualTo(1 / 4.0));
        Assert.That(figures["rank-2 @ 10 distractors (each mate alone)"], Is.EqualTo(2 / 4.0));
        Assert.That(figures.Keys, Has.None.Contains("FNIR").And.None.Contains("mAP"));
        Assert.That(alone.Metrics()[0].N, Is.EqualTo(4));
    }

    [Test]
    public void The_curve_matches_the_ranks_and_never_falls()
    {
        Assert.That(Example().Cmc(0, 6), Is.EqualTo(new[] { 1 / 3.0, 2 / 3.0, 2 / 3.0, 1, 1, 1 }));
        Assert.That(Example().Cmc(1, 3), Is.EqualTo(new[] { 1 / 3.0, 1 / 3.0, 2 / 3.0 }));
        Assert.That(Example().Cmc(1, 5), Is.Ordered);
    }

    [Test]
    public void Open_set_rates_agree_with_their_definitions_on_random_scores([Range(0, 9)] int seed)
    {
        var scores = RandomScores(seed, probes: 400);
        var figures = Values(scores.AllMetrics(0, 0));
        var strangers = Enumerable.Range(0, scores.Probes).Where(probe => scores.MateCount[probe] == 0)
            .Select(probe => scores.BestOther[probe]).ToList();
        var mated = Enumerable.Range(0, scores.Probes).Where(probe => scores.MateCount[probe] > 0)
            .Select((probe, mate) => (Score: scores.MateScore[mate], Before: scores.Before[mate])).ToList();
        foreach (var rate in new[] { 0.01, 0.1 })
        {
            // the lowest threshold within the rate; scores strictly above it are accepted
            var threshold = scores.BestOther.Concat(scores.MateScore).Append(-1)
                .Where(t => strangers.Count(best => best > t) <= rate * strangers.Count).Min();
            var at = $"@FPIR={rate}";
            Assert.That(figures[$"FNIR{at} (conservative, by score)"],
                Is.EqualTo(mated.Count(mate => mate.Score <= threshold) / (double)mated.Count));
            Assert.That(figures[$"FNIR{at} (conservative, mate at rank 1)"],
                Is.EqualTo(mated.Count(mate => mate.Score <= threshold || mate.Before > 0) / (double)mated.Count));
            var older = scores.Highest[0].OrderDescending().ElementAt((int)Math.Ceiling(rate * mated.Count) - 1);
            Assert.That(figures[$"TPIR{at} (over all non-mate scores)"],
                Is.EqualTo(mated.Count(mate => mate.Score > older) / (double)mated.Count));
        }

        Assert.That(figures["FNIR@FPIR=0.1 (conservative, by score)"],
            Is.LessThanOrEqualTo(figures["FNIR@FPIR=0.01 (conservative, by score)"]!.Value));
        Assert.That(figures["rank-1 (any mate)"], Is.LessThanOrEqualTo(figures["rank-5 (any mate)"]!.Value));
    }

    [Test]
    public void Non_mates_with_equal_scores_are_accepted_together_or_not_at_all()
    {
        Assert.That(OpenSet.Threshold([0.9, 0.9, 0.5, 0.4, 0.3, 0.2, 0.1, 0, 0, 0], 0.1), Is.EqualTo(0.9));
        Assert.That(OpenSet.Threshold([0.9, 0.8, 0.5, 0.4, 0.3, 0.2, 0.1, 0, 0, 0], 0.1), Is.EqualTo(0.8));
        Assert.That(OpenSet.Threshold([0.9, 0.8], 1), Is.EqualTo(double.NegativeInfinity));
        Assert.That(OpenSet.Threshold([0.9, 0.8, 0.7], 0.3), Is.Null);
    }

    [Test]
    public void A_rate_too_low_for_the_probes_is_not_given()
    {
        var figures = Values(Example().AllMetrics(0, 0)); // two non-mated probes, three mated ones
        Assert.That(figures["FNIR@FPIR=0.1 @ 1k distractors (conservative, by score)"], Is.Null);
        Assert.That(figures["TPIR@FPIR=0.1 @ 10 distractors (over all non-mate scores)"], Is.Null);
        Assert.That(Example().Metrics()
            .Single(metric => metric is { Name: "FNIR@FPIR=0.01 @ 10 distractors", Estimator: "conservative, by score" }).HigherIsBetter,
            Is.False);
    }

    [Test]
    public void Without_mates_others_or_different_scores_there_is_no_figure()
    {
        var unmated = new IdentificationScores("test", MateRule.Any, [0, 0], [], [], [0.5, 0.4], [[]], [], [1]);
        var noOthers = new IdentificationScores("test", MateRule.Any, [1], [0.5], [0], [double.NegativeInfinity], [[]], [], [1]);
        var alike = new IdentificationScores("test", MateRule.Any, [1, 1, 0], [1, 1], [0, 1], [1, 1, 1], [[1, 1]], [], [1]);
        foreach (var scores in new[] { unmated, noOthers, alike })
        {
            Assert.That(scores.AllMetrics(10, 0).Select(metric => metric.Value), Is.Not.Empty.And.All.Null);
            Assert.That(scores.Cmc(0, 3), Is.Null);
        }

        Assert.That((alike with { MateScore = [1, 0.9] }).Metrics()[0].Value, Is.EqualTo(0.5), "not all scores are equal");
    }

    [Test]
    public void Damaged_scores_are_refused_by_name()
    {
        var sound = Example();
        var damaged = new (IdentificationScores Scores, string Says)[]
        {
            (sound with { MateScore = [0.9, double.NaN, 0.6, 0.5] }, "test mate 1: its score NaN is no cosine"),
            (sound with { BestOther = [.. sound.BestOther[..7], double.NaN, .. sound.BestOther[8..]] },
                "test probe 3: its best score NaN is no cosine"),
            (sound with { MateScore = [0.9, 0.3] }, "2 scores of 4 mates"),
            (sound with { Before = [0, 1] }, "2 counts"),
            (sound with { Before = [-1, .. sound.Before[1..]] }, "a count below 0"),
            (sound with { MateCount = [] }, "there are no probes"),
            (sound with { Distractors = [10] }, "1 numbers of distractors"),
            (sound with { Person = [1] }, "1 persons"),
        };
        foreach (var (scores, says) in damaged)
        {
            Assert.That(() => scores.Metrics(), Throws.TypeOf<DataProblem>().With.Message.Contains(says));
            Assert.That(() => new IdentificationScores(scores.Store()), Throws.TypeOf<InvalidDataException>(), says);
        }
    }

    [Test]
    public void Stored_scores_give_the_same_figures()
    {
        using var folder = new TemporaryFolder();
        foreach (var scores in new[] { Example(), RandomScores(1, 300), Example() with { Mates = MateRule.EachAlone, Person = null } })
        {
            ScoresFile.Write(folder.File("scores.npz"), scores);
            var read = (IdentificationScores)ScoresFile.Read(folder.File("scores.npz"), "test");
            Assert.That(read.AllMetrics(20, 1), Is.EqualTo(scores.AllMetrics(20, 1)));
            Assert.That(read.Highest, Is.EqualTo(scores.Highest));
        }
    }

    [Test]
    public void An_interval_resamples_identities()
    {
        var scores = RandomScores(2, 600);
        var rank = scores.AllMetrics(400, 3).First();
        Assert.That(rank.Interval!.Low, Is.LessThan(rank.Value!.Value));
        Assert.That(rank.Interval.High, Is.GreaterThan(rank.Value.Value));
        Assert.That(rank.Interval.Kind, Is.EqualTo("identity bootstrap, 400 draws, seed 3"));
        Assert.That(scores.AllMetrics(400, 3).First().Interval, Is.EqualTo(rank.Interval), "seeded");
        var width = rank.Interval.High - rank.Interval.Low;
        var n = scores.MateScore.Length;
        Assert.That(width, Is.EqualTo(2 * 1.96 * Math.Sqrt(rank.Value.Value * (1 - rank.Value.Value) / n))
            .Within(25).Percent, "one probe per identity");

        // ten copies of each identity's probe carry no more information than one
        var copied = new IdentificationScores("test", MateRule.Any, Tenfold(scores.MateCount), Tenfold(scores.MateScore),
            Tenfold(scores.Before), Tenfold(scores.BestOther), scores.Highest, [], [1])
        { Person = Tenfold(scores.Person!) };
        Assert.That(copied.AllMetrics(400, 3).First().Interval, Is.EqualTo(rank.Interval));
        Assert.That((scores with { Person = null }).AllMetrics(400, 3).First().Interval, Is.Null);
    }

    private static T[] Tenfold<T>(T[] values) => [.. values.SelectMany(value => Enumerable.Repeat(value, 10))];

    private static Dictionary<string, double?> Values(IEnumerable<Metric> metrics) =>
        metrics.ToDictionary(metric => $"{metric.Name} ({metric.Estimator})", metric => metric.Value);

    private static IdentificationScores RandomScores(int seed, int probes)
    {
        var random = new Random(seed);
        double Score() => Math.Round(random.NextDouble(), 2); // ties
        int[] mates = [.. Enumerable.Range(0, probes).Select(_ => random.Next(3) > 0 ? 1 : 0)];
        double[] score = [.. mates.Where(count => count > 0).Select(_ => Score() + 0.005 * random.Next(2))];
        return new IdentificationScores("test", MateRule.Any, mates, score, [.. score.Select(_ => random.Next(8))],
            [.. mates.Select(_ => Score())],
            [[.. score.Select(_ => Score()).OrderDescending()]], [], [1, 5, 10])
        { Person = [.. Enumerable.Range(0, probes)] };
    }
}
