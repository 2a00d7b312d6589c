using MathNet.Numerics.Distributions;

namespace Ablation.Harness.Statistics;

/// <summary>
/// The difference for other people like those of the test: seeds and people both vary. More seeds make the interval for this test
/// narrower, but not this one below what the people leave open.
/// </summary>
/// <param name="Interval">95 %, of this one difference.</param>
/// <param name="Deviation">Root of the identity bootstrap's variance of the seed-mean difference.</param>
/// <param name="Persons">People in the test.</param>
/// <param name="How">"paired identity bootstrap over 3 seeds, 500 draws, seed 0".</param>
public sealed record PeopleInterval(Bounds Interval, double Deviation, int Persons, string How)
{
    /// <summary>Adds the people's variance to that of the seeds, with Satterthwaite's degrees of freedom. What a seed and a person do
    /// together is counted in both, so the interval is somewhat wide.</summary>
    /// <param name="comparison">With a standard error; otherwise there is no interval.</param>
    /// <param name="variance">Of the seed-mean difference over draws of people.</param>
    /// <param name="persons">At least 2.</param>
    /// <param name="isShare">Whether the difference is one of shares.</param>
    public static PeopleInterval? Of(LossComparison comparison, double variance, int persons, string how, bool isShare)
    {
        if (comparison is not { StandardError: { } error, Alone: not null, DegreesOfFreedom: { } freedom, Difference: { } difference })
            return null;
        var (seeds, both) = (error * error, error * error + variance);
        var effective = both * both / (seeds * seeds / freedom + variance * variance / (persons - 1));
        var half = StudentT.InvCDF(0, 1, effective, 1 - Decision.Level / 2) * Math.Sqrt(both);
        return new PeopleInterval(isShare ? Bounds.OfShareDifference(difference, half) : Bounds.Around(difference, half),
            Math.Sqrt(variance), persons, how);
    }
}
