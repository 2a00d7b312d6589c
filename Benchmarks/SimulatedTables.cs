using Ablation.Harness.Foundations;
using Ablation.Harness.Statistics;

namespace Ablation.Benchmarks;

/// <summary>How the seeds of a simulated table scatter; the unit is the usual deviation of a trial over seeds.</summary>
public enum Scatter
{
    /// <summary>All losses alike.</summary>
    Equal,

    /// <summary>Variances drawn as the stored results suggest: inverse chi-square with 8 degrees of freedom.</summary>
    Measured,

    /// <summary>Deviations from 0.5 to 2, shuffled over the losses.</summary>
    TimesFour,

    /// <summary>One loss scatters four times as much as the rest.</summary>
    LoudLoss,

    /// <summary>The baseline scatters four times as much as the rest.</summary>
    LoudBaseline,

    /// <summary>The baseline scatters a quarter as much as the rest.</summary>
    QuietBaseline,

    /// <summary>Two families of losses, correlated by 0.8 within and by 0 between.</summary>
    Families,

    /// <summary>Heavy tails: t with 5 degrees of freedom.</summary>
    HeavyTails,
}

/// <summary>Tables to simulate.</summary>
/// <param name="Losses">With the baseline.</param>
/// <param name="Seeds">At least 2.</param>
/// <param name="Difference">By which the first half of the losses lies below the baseline; 0 for none.</param>
/// <param name="Margin">The practical margin; null for none.</param>
/// <param name="People">Deviation of a loss's effect over the people of a test.</param>
public sealed record SimulatedCase(Scatter Scatter, int Losses, int Seeds, double Difference = 0, double? Margin = null,
    double People = 0)
{
    /// <summary>The cases of docs/statistics.md: false verdicts, true differences found, equality shown, other people.</summary>
    public static IReadOnlyList<SimulatedCase> Standard { get; } =
    [
        .. from scatter in Enum.GetValues<Scatter>()
           from losses in (int[])[3, 5, 8, 12]
           from seeds in (int[])[2, 3, 5, 10]
           select new SimulatedCase(scatter, losses, seeds),
        .. from size in ((int Losses, int Seeds)[])[(5, 3), (8, 2), (8, 3), (8, 5), (8, 10), (12, 3)]
           from difference in (double[])[0.5, 1, 2, 5, 10]
           select new SimulatedCase(Scatter.Measured, size.Losses, size.Seeds, difference),
        .. from seeds in (int[])[3, 5, 10, 20]
           from margin in (double[])[1, 2, 3, 5]
           select new SimulatedCase(Scatter.Measured, 8, seeds, Margin: margin),
        .. from people in (double[])[0.5, 1]
           from seeds in (int[])[2, 3, 5, 10]
           select new SimulatedCase(Scatter.Measured, 8, seeds, People: people),
    ];
}

/// <summary>What the procedure said of the tables of a case; shares from 0 to 1.</summary>
/// <param name="Tables">Simulated tables.</param>
/// <param name="AnyFalse">Share of tables in which an interval over all losses misses a difference of 0.</param>
/// <param name="Found">Share of true differences whose interval excludes 0; null without any.</param>
/// <param name="AloneCovers">Share of intervals of one difference that hold the truth, of the loss that fares worst.</param>
/// <param name="Equal">Share of equal losses that are shown equal within the margin; null without one.</param>
/// <param name="PeopleCovers">Share of intervals for other people that hold the truth, of the loss that fares worst; null without an effect
/// of people.</param>
public sealed record SimulatedRates(int Tables, double AnyFalse, double? Found, double AloneCovers, double? Equal, double? PeopleCovers);

/// <summary>
/// Simulates tables whose truth is known and judges them by the procedure of the reports (<see cref="ModeratedT"/>): how often is a verdict
/// false, and what is found? A table depends only on its case and number, so that any part of a run can be repeated.
/// </summary>
public static class SimulatedTables
{
    private const double SharedBySeed = 0.2; // correlation of two losses within a seed; measured 0.1 to 0.3
    private const double WithinFamily = 0.8;
    private const double Loud = 4;
    private const int People = 60; // their bootstrap's variance has as many degrees of freedom

    /// <summary>Simulates tables 0 to <paramref name="tables"/> - 1 of a case.</summary>
    public static SimulatedRates Run(SimulatedCase one, int tables, CancellationToken cancel = default)
    {
        var others = one.Losses - 1;
        var differing = one.Difference == 0 ? 0 : one.Losses / 2;
        var (anyFalse, found, equal) = (0, 0, 0);
        var (alone, people) = (new int[others], new int[others]);
        var options = new ParallelOptions { CancellationToken = cancel };
        Parallel.For(0, tables, options, table =>
        {
            var stream = new Normals(new RandomStream(Key(one), StreamPurpose.TableSimulation, table));
            var column = Draw(one, differing, stream);
            var compared = ModeratedT.Compare(column);
            if (compared.Skip(differing).Any(loss => loss.Simultaneous!.Value.Excludes(0))) Interlocked.Increment(ref anyFalse);
            Interlocked.Add(ref found, compared.Take(differing).Count(loss => loss.Simultaneous!.Value.Excludes(0)));
            Interlocked.Add(ref equal, compared.Skip(differing).Count(loss => loss.Verdict == Verdict.EqualWithin));
            for (var loss = 0; loss < others; loss++)
            {
                var truth = loss < differing ? -one.Difference : 0;
                if (!compared[loss].Alone!.Value.Excludes(truth)) Interlocked.Increment(ref alone[loss]);
                if (one.People > 0 && CoversPeople(compared[loss], truth, one.People, stream)) Interlocked.Increment(ref people[loss]);
            }
        });
        return new SimulatedRates(tables, Share(anyFalse, 1), differing == 0 ? null : Share(found, differing),
            alone.Min(count => Share(count, 1)), one.Margin is null ? null : Share(equal, others - differing),
            one.People == 0 ? null : people.Min(count => Share(count, 1)));

        double Share(int count, int perTable) => count / ((double)tables * perTable);
    }

    private static ComparedColumn Draw(SimulatedCase one, int differing, Normals stream)
    {
        var deviations = Deviations(one, stream);
        var values = new Dictionary<int, double>[one.Losses];
        for (var loss = 0; loss < one.Losses; loss++) values[loss] = [];
        for (var seed = 1; seed <= one.Seeds; seed++)
        {
            var (shared, families) = (stream.Next(), (stream.Next(), stream.Next()));
            for (var loss = 0; loss < one.Losses; loss++)
            {
                var own = stream.Next() * (one.Scatter == Scatter.HeavyTails ? Math.Sqrt(3 / stream.ChiSquare(5)) : 1);
                var value = one.Scatter == Scatter.Families
                    ? Math.Sqrt(1 - WithinFamily) * own
                        + Math.Sqrt(WithinFamily) * (2 * loss < one.Losses ? families.Item1 : families.Item2)
                    : Math.Sqrt(1 - SharedBySeed) * own + Math.Sqrt(SharedBySeed) * shared;
                values[loss][seed] = deviations[loss] * value - (loss > 0 && loss <= differing ? one.Difference : 0);
            }
        }

        return new ComparedColumn(new LossSeeds(values[0]), [.. values.Skip(1).Select(loss => new LossSeeds(loss))])
        { Margin = one.Margin };
    }

    /// <summary>Draws the deviation of each loss, the baseline first.</summary>
    private static double[] Deviations(SimulatedCase one, Normals stream)
    {
        var deviations = new double[one.Losses];
        Array.Fill(deviations, 1);
        switch (one.Scatter)
        {
            case Scatter.Measured:
                for (var loss = 0; loss < deviations.Length; loss++) deviations[loss] = Math.Sqrt(8 / stream.ChiSquare(8));
                break;
            case Scatter.TimesFour:
                for (var loss = 0; loss < deviations.Length; loss++)
                    deviations[loss] = Math.Pow(2, 2.0 * loss / (deviations.Length - 1) - 1);
                stream.Shuffle(deviations);
                break;
            case Scatter.LoudLoss:
                deviations[^1] = Loud;
                break;
            case Scatter.LoudBaseline:
                deviations[0] = Loud;
                break;
            case Scatter.QuietBaseline:
                deviations[0] = 1 / Loud;
                break;
        }

        return deviations;
    }

    /// <summary>Whether the interval for other people holds the truth. The people of the test shift the difference, and the bootstrap knows
    /// their variance as well as so many people tell it.</summary>
    private static bool CoversPeople(LossComparison one, double truth, double deviation, Normals stream)
    {
        var shifted = one with { Difference = one.Difference + deviation * stream.Next() };
        var variance = deviation * deviation * stream.ChiSquare(People) / People;
        return !PeopleInterval.Of(shifted, variance, People + 1, "", isShare: false)!.Interval.Excludes(truth);
    }

    /// <summary>A number of the case, the same in every run.</summary>
    private static long Key(SimulatedCase one) => ((long)one.Scatter * 1000 + one.Losses) * 1000 + one.Seeds + 1_000_000_000L
        * (long)Math.Round(100 * one.Difference) + 1_000_000_000_000_000L * (long)Math.Round(100 * one.People);

    /// <summary>Normal numbers by Marsaglia's polar method.</summary>
    private sealed class Normals(RandomStream stream)
    {
        private double? kept;

        public double Next()
        {
            if (kept is { } second)
            {
                kept = null;
                return second;
            }

            while (true)
            {
                var (x, y) = (stream.NextSigned(), stream.NextSigned());
                var square = x * x + y * y;
                if (square is >= 1 or 0) continue;
                var factor = Math.Sqrt(-2 * Math.Log(square) / square);
                kept = y * factor;
                return x * factor;
            }
        }

        public double ChiSquare(int degreesOfFreedom)
        {
            double sum = 0;
            for (var i = 0; i < degreesOfFreedom; i++)
            {
                var normal = Next();
                sum += normal * normal;
            }

            return sum;
        }

        public void Shuffle(double[] values)
        {
            for (var last = values.Length - 1; last > 0; last--)
            {
                var chosen = stream.NextBelow(last + 1);
                (values[last], values[chosen]) = (values[chosen], values[last]);
            }
        }
    }
}
