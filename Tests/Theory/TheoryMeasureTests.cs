using Ablation.Harness.Embedding;
using Ablation.Harness.Theory;
using static TorchSharp.torch;

namespace Ablation.Tests.Theory;

/// <summary>Each figure on points with known answers, and all against loops over doubles.</summary>
public sealed class TheoryMeasureTests
{
    [Test]
    public void A_simplex_with_images_at_its_corners_is_ideal()
    {
        // corners of a tetrahedron: all cosines -1/3, all squared distances 8/3
        float[][] corners = [[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]];
        var theory = Measure([.. corners, .. corners], [0, 1, 2, 3, 0, 1, 2, 3], corners);
        Assert.Multiple(() =>
        {
            foreach (var distances in (DistanceSpread[])[theory.Proxies, theory.ClassMeans])
            {
                Assert.That(distances.Squared.Min, Is.EqualTo(8.0 / 3).Within(1e-6));
                Assert.That(distances.Squared.Deviation, Is.Zero.Within(1e-6));
                Assert.That(distances.Bins[26], Is.EqualTo(6), "8/3 lies in [2.6, 2.7)");
            }

            Assert.That((theory.ProxyMeanCosine.Min, theory.MeanNorm.Min), Is.EqualTo((1.0, 1.0))
                .Using<double>((a, b) => Math.Abs(a - b) < 1e-6));
            Assert.That(theory.MeanNorm.Variation, Is.Zero.Within(1e-6));
            Assert.That(theory.NearestIsOwn, Is.EqualTo(1));
            Assert.That(theory.Separability.MeanLoss, Is.Zero);
            Assert.That(theory.Separability.Bound, Is.EqualTo(1).Within(1e-6), "Delta / beta");
            Assert.That((theory.Separability.Verdict, theory.Separability.VoidIdentities, theory.Separability.HoldingIdentities),
                Is.EqualTo((BoundVerdict.Holds, 0.0, (double?)1.0)));
            Assert.That(theory.Mining.Chance, Is.EqualTo(1.0 / 3));
        });
    }

    [Test]
    public void The_bound_is_violated_if_proxies_are_not_class_means()
    {
        // the images are along the difference of two close proxies: no loss, and a small distance
        float[][] proxies = [[1, 0.25f], [1, -0.25f]];
        var theory = Measure([[0, 1], [0, -1]], [0, 1], proxies);
        var side = 0.25 / Math.Sqrt(1 + 0.0625);
        Assert.That(theory.Separability.MeanLoss, Is.EqualTo(1 - 4 * side).Within(1e-6));
        Assert.That(theory.Separability.Measured, Is.EqualTo(4 * side * side).Within(1e-6));
        Assert.That(theory.ProxyMeanCosine.Mean, Is.EqualTo(side).Within(1e-6));
        Assert.That((theory.Separability.Verdict, theory.Separability.HoldingIdentities), Is.EqualTo((BoundVerdict.Broken, (double?)0.0)));
        Assert.That(theory.NearestIsOwn, Is.EqualTo(1));
    }

    [Test]
    public void The_bound_is_void_if_images_are_at_wrong_proxies()
    {
        var theory = Measure([[0, 1], [1, 0]], [0, 1], [[1, 0], [0, 1]]);
        Assert.That(theory.Separability.MeanLoss, Is.EqualTo(3), "2 (1 - 0) + 1");
        Assert.That(theory.Separability.Bound, Is.EqualTo(-2));
        Assert.That((theory.Separability.Verdict, theory.Separability.VoidIdentities, theory.Separability.HoldingIdentities),
            Is.EqualTo((BoundVerdict.Void, 1.0, (double?)null)));
        Assert.That(theory.NearestIsOwn, Is.Zero);
    }

    [Test]
    public void All_figures_equal_loops_over_doubles()
    {
        var random = new Random(4);
        var (images, proxies) = (Points(random, 300, 6), Points(random, 30, 6));
        int[] identityOf = [.. Enumerable.Range(0, 300).Select(image => image < 30 ? image : random.Next(30))];
        for (var image = 0; image < 300; image++) // near their proxies, so that the figures are in the middle of their ranges
        {
            for (var i = 0; i < 6; i++) images[image][i] += 1.5f * proxies[identityOf[image]][i];
        }

        var theory = Measure(images, identityOf, proxies);
        var naive = new NaiveTheory([.. images.Select(NaiveTheory.Unit)], identityOf, [.. proxies.Select(NaiveTheory.Unit)]);
        Assert.Multiple(() =>
        {
            Assert.That(theory.Proxies.Squared.Min, Is.EqualTo(naive.Distances(naive.Proxies).Min()).Within(1e-5));
            Assert.That(theory.Proxies.Squared.Mean, Is.EqualTo(naive.Distances(naive.Proxies).Average()).Within(1e-5));
            Assert.That(theory.Proxies.Bins,
                Is.EqualTo(Enumerable.Range(0, 40).Select(bin => naive.Distances(naive.Proxies).Count(d => (int)(d * 10) == bin))));
            Assert.That(theory.ClassMeans.Squared.Min, Is.EqualTo(naive.Distances(naive.Directions).Min()).Within(1e-5));
            Assert.That(theory.ProxyMeanCosine.Min, Is.EqualTo(naive.ProxyMeanCosines.Min()).Within(1e-5));
            Assert.That(theory.MeanNorm.Mean, Is.EqualTo(naive.Norms.Average()).Within(1e-5));
            Assert.That(theory.NearestIsOwn, Is.EqualTo(naive.NearestIsOwn).Within(1e-9).And.InRange(0.1, 0.9));
            Assert.That(theory.Separability.MeanLoss, Is.EqualTo(naive.Losses.Average()).Within(1e-5));
            Assert.That(theory.Separability.Gamma, Is.EqualTo(naive.Norms.Average()).Within(1e-5));
            Assert.That(theory.Separability.Bound, Is.EqualTo((1 - naive.Losses.Average()) / naive.Norms.Average()).Within(1e-5));
            Assert.That((theory.Separability.VoidIdentities, theory.Separability.HoldingIdentities),
                Is.EqualTo((naive.VoidIdentities, naive.HoldingIdentities)).Using<double>((a, b) => Math.Abs(a - b) < 1e-9));
            Assert.That(theory.Mining.ClassMean, Is.EqualTo(naive.MiningByMean).Within(1e-9).And.InRange(0.1, 0.9));
            Assert.That(theory.Mining.Sample, Is.EqualTo(naive.MiningBySample).Within(1e-9).And.InRange(0.1, 0.9));
            Assert.That(theory.Mining.Queries, Is.EqualTo(300));
        });
    }

    [Test]
    public void Quantiles_equal_those_of_NumPy()
    {
        var spread = Spread.Summarise([5, 1, 4, 2, 10]);
        // numpy.percentile([5, 1, 4, 2, 10], [1, 5, 25, 50, 75, 95]); numpy.std
        Assert.That((double[])[spread.Min, spread.P1, spread.P5, spread.P25, spread.P50, spread.P75, spread.P95, spread.Max, spread.Mean,
            spread.Deviation],
            Is.EqualTo(new[] { 1, 1.04, 1.2, 2, 4, 5, 9, 10, 4.4, 3.1368774282716245 }).Within(1e-12));
        Assert.That(spread.Variation, Is.EqualTo(3.1368774282716245 / 4.4).Within(1e-12));
    }

    [Test]
    public void Opposite_points_count_in_the_last_bin() =>
    Assert.That(PairDistances.Compute(Unit([[1, 0], [-1, 0]]), CPU, default).Bins[39], Is.EqualTo(1));

    internal static EmbeddingMatrix Unit(float[][] rows) =>
        new EmbeddingMatrix([.. rows.SelectMany(row => row)], rows[0].Length).Normalised(row => $"row {row}");

    private static TheoryFigures Measure(float[][] images, int[] identityOf, float[][] proxies) =>
        TheoryMeasure.Measure(Unit(images), identityOf, Unit(proxies), 1, CPU, default);

    private static float[][] Points(Random random, int count, int dimension) =>
        [.. Enumerable.Range(0, count)
            .Select(_ => Enumerable.Range(0, dimension)
                .Select(_ => (float)(random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5)).ToArray())];
}
