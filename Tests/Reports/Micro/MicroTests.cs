using Ablation.Benchmarks;
using Ablation.Experiments.Reports.Micro;
using Ablation.Experiments.Reports.Page;

namespace Ablation.Tests.Reports.Micro;

/// <summary>The output of bench losses and its comparison with an earlier file.</summary>
[Parallelizable]
public sealed class MicroTests
{
    private static readonly MicroKey Key = new("ArcFace", "stored", 128, 1000, 512, 2, "highest");

    private static MicroRow Row(MicroKey key, double ratio, double width = 0.02) =>
        new(key, 1.25, 20 * ratio, 1.0 / 3, 20, 15.5, new MedianInterval(ratio, ratio - width, ratio + width, 7), 1 << 20, 44, 66,
            "0123456789ab");

    [Test]
    public void Table_of_losses_as_CSV()
    {
        MicroRow[] rows =
        [
            Row(Key, 0.75),
            Row(Key with { Loss = "Npt (k 6)", Implementation = "tiled" }, 0.5) with { ForwardMs = null, StepMs = null, OwnFloorMs = null,
                PeakBytes = null, PeerMs = null, PeerDefaultMs = null },
        ];
        Golden.Check(MicroCsv.Write(rows));
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("losses.csv"), MicroCsv.Write(rows));
        Assert.That(MicroCsv.Read(folder.File("losses.csv")), Is.EqualTo(rows));
    }

    [Test]
    public void Report_of_losses_as_Markdown() => Golden.Check(MarkdownWriter.Write(MicroReport.Build(
        [Row(Key, 0.75), Row(Key with { Implementation = "straight" }, 1.6) with { PeerMs = null },
            Row(Key with { Classes = 10572 }, 0.8) with { PeakBytes = null }],
        "a machine", ["a remark"], [("A plot", "ratio-to-floor.png")])));

    [TestCase("loss,implementation\n", "(1): the header is not")]
    [TestCase("", "empty")]
    public void Another_file_is_refused(string text, string reason)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("losses.csv"), text);
        Assert.That(() => MicroCsv.Read(folder.File("losses.csv")),
            Throws.InstanceOf<InvalidDataException>().With.Message.Contains(reason));
    }

    [TestCase("20", "2x", "(2):")]
    [TestCase(",7,", ",", "(2): 19 cells")]
    public void A_damaged_row_is_named(string sound, string damaged, string reason)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("losses.csv"), MicroCsv.Write([Row(Key, 0.75)]).Replace(sound, damaged, StringComparison.Ordinal));
        Assert.That(() => MicroCsv.Read(folder.File("losses.csv")),
            Throws.InstanceOf<InvalidDataException>().With.Message.Contains(reason));
    }

    [TestCase(0.75, 0.90, 0.02, MicroVerdict.Slower)]
    [TestCase(0.90, 0.75, 0.02, MicroVerdict.Faster)]
    [TestCase(0.75, 0.90, 0.10, MicroVerdict.Noise)]   // the intervals overlap
    [TestCase(0.75, 0.78, 0.001, MicroVerdict.Noise)]  // no overlap, but only 4 %
    public void A_regression_is_distinguished_from_noise(double before, double now, double width, MicroVerdict verdict)
    {
        var change = MicroComparison.Compare([Row(Key, before, width)], [Row(Key, now, width)]).Single();
        Assert.That(change.Verdict, Is.EqualTo(verdict));
        Assert.That(change.Change, Is.EqualTo(now / before - 1).Within(1e-12));
        Assert.That(MicroComparison.Compare([], [Row(Key, now)]).Single().Verdict, Is.EqualTo(MicroVerdict.Unmatched));
    }

    [Test]
    public void Rows_of_a_new_run_replace_only_their_predecessors()
    {
        var other = Key with { Loss = "CosFace" };
        var merged = MicroRow.Merge([Row(Key, 0.7), Row(other, 0.8)], [Row(Key, 0.9)], []);
        Assert.That(merged.Select(row => (row.Key.Loss, row.Ratio.Median)), Is.EqualTo(new[] { ("ArcFace", 0.9), ("CosFace", 0.8) }));
        Assert.That(MicroRow.Merge([Row(Key, 0.7), Row(other, 0.8)], [], [Key])
            .Single().Key, Is.EqualTo(other), "a failed measurement is not kept");
    }

    [Test]
    public void The_interval_of_a_median_has_its_confidence()
    {
        // P(3 <= X <= 12), X binomial(15, 1/2): the 4th and the 12th of 15 values hold 96.5 %
        var fifteen = MedianInterval.Compute([.. Enumerable.Range(1, 15).Select(i => (double)i).Reverse()]);
        Assert.That((fifteen.Median, fifteen.Low, fifteen.High, fifteen.Count), Is.EqualTo((8.0, 4.0, 12.0, 15)));
        var seven = MedianInterval.Compute([7, 1, 5, 3, 2, 6, 4]);
        Assert.That((seven.Median, seven.Low, seven.High), Is.EqualTo((4.0, 1.0, 7.0)), "98.4 %; the next pair would hold 87.5 %");
        Assert.That(MedianInterval.Middle([4, 1, 3, 2]), Is.EqualTo(2.5));
        Assert.That(MedianInterval.Compute([2]).Low, Is.EqualTo(2));
    }

    [Test]
    public void Plots_show_a_change()
    {
        MicroRow[] rows = [Row(Key, 0.75), Row(Key with { Classes = 10572 }, 0.8), Row(Key with { Implementation = "tiled" }, 1.0),
            Row(Key with { Batch = 512 }, 0.7)];
        using var ratio = MicroPlots.Ratio(rows);
        using var same = MicroPlots.Ratio(rows);
        using var changed =
            MicroPlots.Ratio([.. rows.Select(row => row with { Ratio = row.Ratio with { Median = row.Ratio.Median * 1.3 } })]);
        Assert.That(same.Png(), Is.EqualTo(ratio.Png()));
        Assert.That(changed.Png(), Is.Not.EqualTo(ratio.Png()));
        using var memory = MicroPlots.Memory([.. rows.Select((row, i) => row with { PeakBytes = i == 0 ? null : row.PeakBytes })]);
        Assert.That(memory.Svg(), Does.Contain("peak memory"));
    }
}
