namespace Ablation.Harness.Statistics;

/// <summary>
/// The mean of differences that were measured in several studies, each with the same seeds: another study would draw other configurations
/// and other people to choose by, another seed would train other networks, and the interval covers both.
/// </summary>
/// <remarks>
/// Studies and seeds cross, so with a studies and b seeds the variance of the mean is at most (MS_studies + MS_seeds) / (a b), where a mean
/// square is that of a two-way layout; the interaction is in both and is not taken off, so the interval errs on the long side. Degrees of
/// freedom by Satterthwaite (Biometrics Bulletin 2, 1946). With one study it is the t interval over seeds.
/// </remarks>
public static class StudyInterval
{
    /// <summary>Returns mean and interval; null with fewer than two seeds that all studies have.</summary>
    /// <param name="studies">Difference by seed, study by study.</param>
    /// <param name="comparisons">How many intervals are to hold together (Sidak); 1 for one alone.</param>
    public static StudyMean? Of(IReadOnlyList<IReadOnlyDictionary<int, double>> studies, int comparisons = 1)
    {
        List<int> seeds = [.. studies.SelectMany(study => study.Keys).CountBy(seed => seed).Where(one => one.Value == studies.Count)
            .Select(one => one.Key).Order()];
        if (seeds.Count < 2) return null;
        var (a, b) = (studies.Count, seeds.Count);
        var ofStudy = studies.Select(study => seeds.Average(seed => study[seed])).ToList();
        var ofSeed = seeds.Select(seed => studies.Average(study => study[seed])).ToList();
        var mean = ofStudy.Average();
        var (bySeed, byStudy) = (a * Square(ofSeed, mean) / (b - 1), a > 1 ? b * Square(ofStudy, mean) / (a - 1) : 0);
        var scatter = bySeed + byStudy;
        var freedom = scatter == 0 ? b - 1 : a == 1 ? b - 1
            : Math.Max(1, (int)(scatter * scatter / (byStudy * byStudy / (a - 1) + bySeed * bySeed / (b - 1))));
        var level = 1 - Math.Pow(1 - Decision.Level, 1.0 / comparisons);
        return new StudyMean(mean, Bounds.Around(mean, StudentTail.TwoSided(freedom, level) * Math.Sqrt(scatter / (a * b))), a, b, freedom);
    }

    private static double Square(IReadOnlyList<double> values, double mean) => values.Sum(value => (value - mean) * (value - mean));
}

/// <summary>A mean over studies and seeds with its 95 % interval, in the units of the values.</summary>
/// <param name="Seeds">Seeds that every study has.</param>
public sealed record StudyMean(double Mean, Bounds Interval, int Studies, int Seeds, int DegreesOfFreedom);
