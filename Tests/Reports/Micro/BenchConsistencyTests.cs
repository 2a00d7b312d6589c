using Ablation.Benchmarks;
using Ablation.Experiments.Reports.Micro;
using Ablation.Experiments.Reports.Pages;
using Ablation.Harness.Kernels;
using Ablation.Harness.Networks;

namespace Ablation.Tests.Reports.Micro;

/// <summary>Rows that contradict each other are named and not written to a page.</summary>
[Parallelizable]
public sealed class BenchConsistencyTests
{
    private static readonly MicroKey Key = new("ArcFace", "straight", 128, 1000, 512, 2, "highest");

    private static MicroRow Row(MicroKey key, double both = 20, double ratio = 1) =>
        new(key, 10, both, 25, 20, 15, new MedianInterval(ratio, ratio - 0.1, ratio + 0.1, 7), 1, null, null, "0123456789ab");

    private static TrainRow Train(double bare, TrainStages stages, double low = 0.9) =>
        new(new TrainTiming(new TrainCase("small", 16, 4, 1, Precision.Float32, true, "ArcFace", "cpu"), "faces", 3, 90, bare,
            new MedianInterval(low, low, low, 3), new BackboneCost(1, 1), stages, 1), "0123456789ab");

    private static readonly TrainStages Stages = new(900, 800, 700, 300, 1000, 200, 900, 250); // forward and backward together 120

    [Test]
    public void Consistent_rows_have_no_problem()
    {
        Assert.That(BenchConsistency.Contradictions([Row(Key), Row(Key with { Loss = "CosFace" }, ratio: 1.49),
            Row(Key with { Loss = "Softmax" }, ratio: 0.5), Row(Key with { Implementation = "tiled" }, ratio: 3)]), Is.Empty);
        Assert.That(BenchConsistency.Contradictions([Train(110, Stages)]), Is.Empty);
        Assert.That(BenchConsistency.Contradictions([Row(Key) with { ForwardMs = null, StepMs = null }]), Is.Empty,
            "stages without a measurement");
    }

    [Test]
    public void A_part_slower_than_the_whole_is_named()
    {
        Assert.That(BenchConsistency.Contradictions([Row(Key) with { ForwardMs = 20.5 }])
            .Single(), Does.StartWith("ArcFace, straight, B = 128").And.Contain("forward takes 20.500 ms, forward and backward 20.000 ms"));
        Assert.That(BenchConsistency.Contradictions([Row(Key) with { StepMs = 19 }]).Single(), Does.Contain("with the step 19.000 ms"));
        Assert.That(BenchConsistency.Contradictions([Train(130, Stages)])
            .Single(), Does.Contain("forward and backward alone makes 120.0 images/s, the whole bare step 130.0"));
        Assert.That(BenchConsistency.Contradictions([Train(250, Stages)]), Has.Count.EqualTo(2), "backward too");
    }

    [Test]
    public void Different_times_for_the_same_work_are_named()
    {
        var found = BenchConsistency.Contradictions([Row(Key), Row(Key with { Loss = "CosFace" }, ratio: 1.6),
            Row(Key with { Loss = "CosFace", Classes = 10 }, ratio: 9)]);
        Assert.That(found.Single(),
            Does.StartWith("CosFace, straight").And.Contain("1.60 x the floor, where ArcFace does the same work in 1.00"));
        var wide = Row(Key with { Loss = "CosFace" }, ratio: 1.6) with { Ratio = new MedianInterval(1.6, 1.05, 2, 7) };
        Assert.That(BenchConsistency.Contradictions([Row(Key), wide]), Is.Empty, "the intervals overlap");
        Assert.That(BenchConsistency.Contradictions([Row(Key), Row(Key, both: 21)]), Has.Some.Contains("measured 2 times"));
        Assert.That(BenchConsistency.Contradictions([Row(Key) with { Ratio = new MedianInterval(2, 0.9, 1.1, 7) }])
            .Single(), Does.Contain("outside its interval"));
        Assert.That(BenchConsistency.Contradictions([Train(110, Stages, low: 1.03)])
            .Single(), Does.Contain("faster than the bare network in every round (1.03 x"));
    }

    [Test]
    public void A_page_refuses_a_file_that_contradicts_itself()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("losses.csv"), MicroCsv.Write([Row(Key) with { ForwardMs = 21 }]));
        var text = "<!-- pages: losses losses.csv 1000 128 -->\n<!-- end -->\n";
        Assert.That(() => GeneratedPage.Rewritten(text, folder.File("page.md")),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("Measure these rows again: bench losses replaces them"));
        File.WriteAllText(folder.File("losses.csv"), MicroCsv.Write([Row(Key)]));
        Assert.That(GeneratedPage.Rewritten(text, folder.File("page.md")),
            Does.Contain("| ArcFace | straight | 10.00 | 20.00 |").And.Contain("2 threads, 7 iterations, commit 0123456789ab."));
        Assert.That(() => GeneratedPage.Rewritten(text.Replace("1000 128", "1000 129"), folder.File("page.md")),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("no row of C = 1000, B = 129"));
    }
}
