using Ablation.Benchmarks;

namespace Ablation.Tests.Search;

public sealed class SearchBenchTests
{
    [Test]
    public void All_three_are_timed_and_compared_with_the_faster_product()
    {
        var timing = SearchBench.Run(70, 3000, 32, 1, 2);
        Assert.That(new[] { timing.Search, timing.Tile, timing.Torch }, Is.All.GreaterThan(0));
        var made = new SearchTiming(10, 100, 5, 1, 1, Search: 4, Tile: 2, Torch: 3);
        Assert.That(made.ShareOfProduct, Is.EqualTo(0.5));
        Assert.That(made.ProductRate, Is.EqualTo(5000));
    }
}
