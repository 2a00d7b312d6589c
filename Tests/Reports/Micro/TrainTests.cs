using Ablation.Benchmarks;
using Ablation.Experiments.Reports.Micro;
using Ablation.Experiments.Reports.Page;
using Ablation.Harness.Kernels;
using Ablation.Harness.Networks;

namespace Ablation.Tests.Reports.Micro;

/// <summary>The output of bench train.</summary>
[Parallelizable]
public sealed class TrainTests
{
    private const string FirstColumns =
        "network,pixels,batch,threads,precision,layout,loss," +
        "whole_images_per_second,bare_images_per_second,peer_images_per_second,peak_bytes,";

    private static readonly TrainCase Case = new("small", 56, 32, 2, Precision.Float32, true, "ArcFace", "cpu");

    private static TrainRow Row(TrainCase one, double speed = 1000.0 / 3) => new(
        new TrainTiming(one, "faces", 5, speed, speed / 0.96, new MedianInterval(0.96, 0.95, 0.97, 5),
            new BackboneCost(830_000, 14_500_000),
            new TrainStages(50_000, 4000, 6000, 1200, 20_000, 600, 9000, 900), 1.2e11)
        {
            Cached = speed * 1.01,
            WaitedShare = 0.015,
            PeakBytes = 300L << 20,
            Peer = new TrainPeerTiming(speed / 2, speed / 1.9, 450, new MedianInterval(2, 1.9, 2.1, 5), 400L << 20, 21L << 20),
        },
        "0123456789ab");

    /// <summary>Only the values that are always measured.</summary>
    private static TrainRow Poor(TrainRow row) =>
        row with { Timing = row.Timing with { Cached = null, WaitedShare = null, PeakBytes = null, Peer = null } };

    private static TrainRow[] Rows =>
    [
        Row(Case), Row(Case with { Pixels = 112 }, 80), Poor(Row(Case with { Network = "IResNet-50", Pixels = 112 }, 2.5)),
        Row(Case with { Network = "IResNet-50", Pixels = 112, Precision = Precision.BFloat16, ChannelsLast = false }, 1.25),
    ];

    [Test]
    public void Table_of_training_as_CSV()
    {
        var text = TrainCsv.Write(Rows);
        Assert.That(text, Does.StartWith(FirstColumns));
        Golden.Check(text);
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("training.csv"), text);
        Assert.That(TrainCsv.Read(folder.File("training.csv")), Is.EqualTo(Rows));
    }

    [Test]
    public void Report_of_training_as_Markdown() =>
        Golden.Check(MarkdownWriter.Write(TrainReport.Build(Rows, "a machine", ["a remark"], "training.png")));

    [TestCase("network,pixels\n", "(1): the header is not")]
    [TestCase("", "empty")]
    public void Another_file_is_refused(string text, string reason)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("training.csv"), text);
        Assert.That(() => TrainCsv.Read(folder.File("training.csv")),
            Throws.InstanceOf<InvalidDataException>().With.Message.Contains(reason));
    }

    [TestCase(",56,", ",5x,", "(2):")]
    [TestCase("small,", "large,", "(2): network \"large\" is not one of small")]
    [TestCase("float32", "half", "(2): precision \"half\"")]
    [TestCase(",600,", ",,", "(2): backward_images_per_second is empty")]
    [TestCase("cpu,", "", "(2): 39 cells for 40 columns")]
    public void A_damaged_row_is_named(string sound, string damaged, string reason)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("training.csv"), TrainCsv.Write([Row(Case)]).Replace(sound, damaged, StringComparison.Ordinal));
        Assert.That(() => TrainCsv.Read(folder.File("training.csv")),
            Throws.InstanceOf<InvalidDataException>().With.Message.Contains(reason));
    }

    [Test]
    public void Rows_of_a_new_run_replace_only_their_predecessors()
    {
        var other = Case with { Network = "IResNet-18" };
        TrainRow[] earlier = [Row(other, 8), Row(Case, 300), Row(Case with { Pixels = 32 }, 900)];
        var merged = TrainRow.Merge(earlier, [Row(Case, 400)], []);
        Assert.That(merged.Select(row => (row.Case.Network, row.Case.Pixels, row.Timing.Whole)),
            Is.EqualTo(new[] { ("small", 32, 900.0), ("small", 56, 400.0), ("IResNet-18", 56, 8.0) }));
        Assert.That(TrainRow.Merge(earlier, [], [Case])
            .Select(row => row.Case), Does.Not.Contain(Case), "a failed measurement is not kept");
    }

    [Test]
    public void The_share_of_the_product_counts_three_products_of_two_operations()
    {
        var timing = Row(Case).Timing with { Bare = 100, Cost = new BackboneCost(1, 1_000_000_000), ProductRate = 1.2e12 };
        Assert.That(timing.ShareOfProductPeak, Is.EqualTo(0.5).Within(1e-12));
        Assert.That(timing.Stages.ForwardBackward, Is.EqualTo(400).Within(1e-9), "1200 forward and 600 backward");
    }

    [Test]
    public void The_plot_shows_a_change_and_needs_no_peers()
    {
        using var plot = TrainPlots.Speed(Rows);
        using var same = TrainPlots.Speed(Rows);
        using var changed = TrainPlots.Speed([Row(Case, 200), .. Rows[1..]]);
        Assert.That(same.Png(), Is.EqualTo(plot.Png()));
        Assert.That(changed.Png(), Is.Not.EqualTo(plot.Png()));
        Assert.That(plot.Svg(), Does.Contain("PyTorch"));
        using var alone = TrainPlots.Speed([Poor(Row(Case))]);
        Assert.That(alone.Svg(), Does.Not.Contain("PyTorch"));
    }
}
