using Ablation.Benchmarks;

namespace Ablation.Tests.Evaluation.Search;

public sealed class SearchBenchTests
{
    [Test]
    public void All_three_are_timed_and_the_faster_product_is_the_measure()
    {
        var timing = SearchBench.Run(70, 3000, 32, 1, 2);
        Assert.That(new[] { timing.Search, timing.Tile, timing.Torch }, Is.All.GreaterThan(0));
        var made = new SearchTiming(10, 100, 5, 1, 1, Search: 4, Tile: 2, Torch: 3);
        Assert.That(made.ShareOfProduct, Is.EqualTo(0.5));
        Assert.That(made.ProductRate, Is.EqualTo(5000));
    }

    [Test, Explicit("a measurement")]
    public void Measure()
    {
        foreach (var gallery in Environment.GetEnvironmentVariable("SB")!.Split(',').Select(int.Parse))
        {
            var t = SearchBench.Run(4000, gallery, 128, 2, gallery > 500000 ? 3 : 7);
            TestContext.Out.WriteLine(FormattableString.Invariant($"{t} share {t.ShareOfProduct:0.000} {t.ProductRate / 1e9:0.0} GFlop/s"));
        }
    }
}
