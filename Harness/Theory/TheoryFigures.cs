using System.Text.Json.Serialization;
using Ablation.Harness.Statistics;

namespace Ablation.Harness.Theory;

/// <summary>
/// The properties that NPT's paper (Khalid et al., arXiv 2103.03503) proves under assumptions, measured on a trained network: on training
/// images drawn by the trial's seed and embedded like those of a test. Everything is on the unit sphere; with a radius r every distance and
/// every loss is r^2 times as large, and no statement changes.
/// </summary>
/// <param name="Identities">Number of identities drawn: all that have images, at most 4,096.</param>
/// <param name="IdentitiesInTraining">Number of proxies of the loss, C.</param>
/// <param name="Images">Number of embedded images, drawn evenly over the identities: at most 20,000.</param>
/// <param name="Proxies">d(w_i, w_j), i != j.</param>
/// <param name="ClassMeans">The same for the normalised means of each identity's normalised embeddings.</param>
/// <param name="ProxyMeanCosine">Assumption A1, that proxies are the normalised class means: cosines between w_i and the mean of identity
/// i.</param>
/// <param name="MeanNorm">Assumption A2, that the class means have equal norms beta: the norms of the means of normalised embeddings, 0 ..
/// 1.</param>
/// <param name="NearestIsOwn">Property 1: share of images nearer to their own proxy than to every other drawn one, that is, with an NPT
/// loss below Delta. 0 .. 1.</param>
public sealed record TheoryFigures(int Identities, int IdentitiesInTraining, int Images, DistanceSpread Proxies, DistanceSpread ClassMeans,
    Spread ProxyMeanCosine, Spread MeanNorm, double NearestIsOwn, SeparabilityBound Separability, MiningAgreement Mining)
{
    /// <summary>Whether norms follow the resolution; null in results of earlier versions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NormQuality? Norms { get; init; }
}

/// <summary>A distribution in a few numbers; quantiles interpolate between order statistics.</summary>
/// <param name="Deviation">Population deviation.</param>
public sealed record Spread(double Min, double P1, double P5, double P25, double P50, double P75, double P95, double Max, double Mean,
    double Deviation)
{
    /// <summary>Deviation over mean; null if the mean is not above 0.</summary>
    [JsonIgnore]
    public double? Variation => Mean > 0 ? Deviation / Mean : null;

    /// <param name="values">At least one; sorted in place.</param>
    internal static Spread Summarise(double[] values)
    {
        Array.Sort(values);
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
        return new Spread(values[0], At(0.01), At(0.05), At(0.25), At(0.5), At(0.75), At(0.95), values[^1], mean, deviation);

        double At(double share) => Quantile.Compute(values, share);
    }
}

/// <summary>Squared distances on the unit sphere, 0 .. 4, of all unordered pairs.</summary>
/// <param name="Bins">Pairs in each of 40 equal bins over [0, 4]; 4 itself is in the last.</param>
public sealed record DistanceSpread(Spread Squared, IReadOnlyList<int> Bins);

/// <summary>Whether a bound holds.</summary>
public enum BoundVerdict
{
    /// <summary>The bound is not above 0, so it says nothing.</summary>
    Void,

    /// <summary>The measured minimum is above it.</summary>
    Holds,

    /// <summary>The measured minimum is not above it: an assumption is not met.</summary>
    Broken,
}

/// <summary>
/// Property 2: with E[L] below epsilon and A1 and A2, d(w_i, w_j) is above (Delta - epsilon) / gamma for all i != j. Here Delta = 1, k = 1,
/// gamma = beta.
/// </summary>
/// <param name="MeanLoss">Mean NPT loss of the images among the drawn proxies: epsilon.</param>
/// <param name="Gamma">Mean norm of the class means.</param>
/// <param name="Bound">(1 - epsilon) / gamma.</param>
/// <param name="Measured">The smallest d(w_i, w_j).</param>
/// <param name="Verdict">Compares the two.</param>
/// <param name="VoidIdentities">
/// Share of identities whose own bound, (1 - mean loss of their images) / norm of their mean, is not above 0. The mean loss over all images
/// does not bound that of a single identity; this form follows from A1 only.
/// </param>
/// <param name="HoldingIdentities">Of the others, the share whose proxy is farther than their own bound from every other; null without
/// others.</param>
public sealed record SeparabilityBound(double MeanLoss, double Gamma, double Bound, double Measured, BoundVerdict Verdict,
    double VoidIdentities, double? HoldingIdentities);

/// <summary>Proposition 1, implicit mining: is the identity of the nearest negative proxy the nearest other identity?</summary>
/// <param name="ClassMean">Share of images for which it is the identity of the nearest class mean of another identity. 0 .. 1.</param>
/// <param name="Sample">Share of <paramref name="Queries"/> images for which it is the identity of the nearest embedded image of another
/// identity.</param>
/// <param name="Queries">Number of images drawn, at most 2,000.</param>
/// <param name="Chance">Expected by chance for either share, 1 / (identities - 1).</param>
public sealed record MiningAgreement(double ClassMean, double Sample, int Queries, double Chance);
