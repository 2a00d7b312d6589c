using Ablation.Harness.Metrics;
using Ablation.Harness.Statistics;
using Ablation.Tests.Metrics;

namespace Ablation.Tests.Statistics;

/// <summary>Level, power and coverage of the tests on simulated seeds and people. The draws are fixed, so all runs are equal.</summary>
[Category("Slow")]
[Parallelizable]
public sealed class SimulationTests
{
    private static readonly (string Name, string Estimator)[] Figures = [("AUC", "ties by half"), ("EER", "interpolated"),
        ("TAR@FAR=1e-1", "conservative")];

    [Test]
    public void The_bootstrap_over_identities_has_about_its_nominal_coverage()
    {
        var covered = Coverage(new PersonalPairs(40, 4, 0.2, 0.1, 0.1), repetitions: 150, draws: 120);
        Assert.That(covered.Values, Is.All.InRange(0.86, 0.99), string.Join(", ", covered));
    }

    [Test]
    public void With_person_effects_the_paired_bootstrap_keeps_its_level_and_McNemar_does_not()
    {
        var (bootstrap, mcNemar) = Rejections(new PersonalPairs(40, 6, 0.15, 0.2, 0.05), repetitions: 150, draws: 120);
        Assert.That(bootstrap, Is.LessThan(0.12));
        Assert.That(mcNemar, Is.GreaterThan(bootstrap + 0.05), "McNemar takes pairs of one person as independent");
    }

    [Test, Explicit("takes minutes; the numbers are in docs/statistics.md")]
    public void Coverage_and_level_in_full()
    {
        foreach (var persons in new[] { 10, 20, 40, 100 })
        {
            var people = new PersonalPairs(persons, 4, 0.2, 0.1, 0.1);
            TestContext.Out.WriteLine($"{persons} persons: covered {string.Join(", ", Coverage(people, 1000, 400))}");
            TestContext.Out.WriteLine(
                $"{persons} persons, own effects: rejected (bootstrap, McNemar) {Rejections(people, 1000, 400)}; no effects: " +
                $"{Rejections(people with { Shared = 0, Own = 0, Noise = 0.25 }, 1000, 400)}");
        }
    }

    /// <summary>Returns the share of intervals that contain the true value.</summary>
    private static Dictionary<string, double> Coverage(PersonalPairs people, int repetitions, int draws)
    {
        var held = Figures.ToDictionary(figure => figure.Name, _ => 0.0);
        for (var repetition = 0; repetition < repetitions; repetition++)
        {
            var scores = people.Draw(repetition).First;
            var distinct = new DistinctScores(scores.SquaredDistance);
            var figures = Figures.Select(wanted => VerificationMetrics.EveryFigure(scores, distinct)
                .Single(figure => (figure.Name, figure.Estimator) == wanted)).ToList();
            foreach (var (figure, interval) in figures.Zip(IdentityBootstrap.Intervals(scores, distinct, figures, draws, repetition)))
            {
                if (interval is not null && interval.Low <= people.Truth(figure.Name) && people.Truth(figure.Name) <= interval.High)
                    held[figure.Name] += 1.0 / repetitions;
            }
        }

        return held;
    }

    /// <summary>
    /// Returns how often two equally good networks are found different at level 0.05: by the bootstrap of the AUC, and by McNemar's
    /// test of accuracy.
    /// </summary>
    private static (double Bootstrap, double McNemar) Rejections(PersonalPairs people, int repetitions, int draws)
    {
        var (byBootstrap, byMcNemar) = (0, 0);
        for (var repetition = 0; repetition < repetitions; repetition++)
        {
            var (one, other) = people.Draw(repetition);
            if (PairedBootstrap.Differences(one, other, [Figures[0]], draws, repetition)[0]!.P < 0.05) byBootstrap++;
            if (McNemar.Test(FoldDecisions.OnGrid(one)!, FoldDecisions.OnGrid(other)!).ExactP < 0.05) byMcNemar++;
        }

        return ((double)byBootstrap / repetitions, (double)byMcNemar / repetitions);
    }
}
