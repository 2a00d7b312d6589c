using Ablation.Benchmarks;
using Ablation.Experiments.Reports.Tables;

namespace Ablation.Experiments.Reports.Micro;

/// <summary>Builds training.md: what was measured, tables by network, and the plot.</summary>
public static class TrainReport
{
    /// <param name="machine">Processor, system, versions, commit.</param>
    /// <param name="remarks">Notes for the reader: peers that were not run, cases that failed.</param>
    /// <param name="figure">The plot's path beside the page.</param>
    public static Document Build(IReadOnlyList<TrainRow> rows, string machine, IReadOnlyList<string> remarks, string figure)
    {
        var blocks = new List<Block>
        {
            new Paragraph(
                $"Machine: {machine}. Images a second, medians over the rounds; in a round all contestants take turns, and a ratio is " +
                $"the median of the rounds' own ratios."),
            new Note("Whole is the loop that trials train with: a JPEG read from the pack and decoded anew each time, augmentation, " +
                "forward, loss, backward, step. Bare is the same "
                + "network, loss and optimiser on one random batch. Cached is the whole loop with decoded pictures in memory. Of " +
                    "product peak is bare times six operations a "
                + "multiply-add over what a float32 product of 2048 x 2048 matrices reaches through libtorch on the same threads; " +
                    "normalisation and activations count for nothing in it. "
                + "Peak memory is all that a fresh process holds, runtime and libraries included; PyTorch's is that of its main " +
                    "process, the processes of its loader apart."),
            new Note("In the second table each part runs alone: read, decode and augment on all threads at once, the others on " +
                "libtorch's threads. Loss is the head forward and backward. "
                + "Evaluation embeds an image and its mirror image."),
            new Note("The interval of a median holds it with at least 95 % confidence from six rounds on; with fewer it is the range of " +
                "all rounds, and the confidence less (five: 94 %, three: 75 %)."),
        };
        if (rows.Select(row => row.Commit).Distinct().Count() > 1)
            blocks.Add(new Note("Rows of several runs, by different versions of the program; training.csv has the commit of each."));
        if (rows.Select(row => row.Timing.Source).Distinct().ToList() is { Count: > 0 } sources)
            blocks.Add(new Paragraph($"Training faces: {string.Join(", ", sources)}."));
        blocks.AddRange(remarks.Select(remark => new Note(remark)));
        foreach (var network in rows.GroupBy(row => row.Case.Network))
        {
            var cost = network.First().Timing.Cost;
            blocks.Add(new Heading(2, network.Key));
            blocks.Add(new Paragraph(
                $"At {network.First().Case.Pixels} px: {cost.Parameters / 1e6:F2} M parameters, {cost.MultiplyAdds / 1e6:F0} M " +
                $"multiply-adds an image."));
            blocks.Add(new TableBlock(Speeds([.. network])));
            blocks.Add(new TableBlock(Parts([.. network])));
        }

        blocks.Add(new Figure("Images a second by the side of the input", figure));
        return new Document("Training speed", blocks);
    }

    /// <summary>Returns the table of whole, bare and PyTorch: one row per case.</summary>
    public static TextTable Speeds(IReadOnlyList<TrainRow> rows) => new("",
        [
            new("px"), new("how"), new("whole", "images/s", IsNumber: true), new("bare", "images/s", IsNumber: true),
                new("whole / bare", "interval of the median", IsNumber: true),
            new("cached", "images/s", IsNumber: true), new("of product peak", IsNumber: true),
                new("PyTorch", "whole, bare; images/s", IsNumber: true),
            new("faster than PyTorch", "interval of the median", IsNumber: true), new("peak MiB", "ours, PyTorch + loader", IsNumber: true),
        ],
        [.. rows.Select(row => (IReadOnlyList<TextCell>)
        [
            new TextCell(Text(row.Case.Pixels, "F0")), new TextCell(How(row, rows)), Number(row.Timing.Whole, "F1"),
                Number(row.Timing.Bare, "F1"), Interval(row.Timing.WholeToBare, "F3"),
            Number(row.Timing.Cached, "F1"), Number(100 * row.Timing.ShareOfProductPeak, "F0", " %"),
                Pair(row.Timing.Peer?.Whole, row.Timing.Peer?.Bare, ", ", "F1"),
            Interval(row.Timing.Peer?.WholeToPeer, "F2"),
                new TextCell(
                    $"{Text(Mebibytes(row.Timing.PeakBytes), "F0")}, " +
                    $"{Pair(Mebibytes(row.Timing.Peer?.PeakBytes), Mebibytes(row.Timing.Peer?.WorkerBytes), " + ", "F0").Text}"),
        ])]);

    /// <summary>Returns the table of the parts, each measured separately: one row per case.</summary>
    public static TextTable Parts(IReadOnlyList<TrainRow> rows) => new("",
        [
            new("px"), new("how"), new("read", IsNumber: true), new("decode", IsNumber: true), new("augment", IsNumber: true),
                new("forward", IsNumber: true), new("loss", IsNumber: true),
            new("backward", IsNumber: true), new("step", IsNumber: true), new("forward + backward", IsNumber: true),
                new("waited for data", IsNumber: true), new("evaluation", "ours, PyTorch", IsNumber: true),
        ],
        [.. rows.Select(row => (IReadOnlyList<TextCell>)
        [
            new TextCell(Text(row.Case.Pixels, "F0")), new TextCell(How(row, rows)),
                .. new[] { row.Timing.Stages.Read, row.Timing.Stages.Decode, row.Timing.Stages.Augment, row.Timing.Stages.Forward,
                row.Timing.Stages.Loss, row.Timing.Stages.Backward, row.Timing.Stages.Step,
                    row.Timing.Stages.ForwardBackward }.Select(rate => Number(rate, rate < 100 ? "F1" : "F0")),
            Number(100 * row.Timing.WaitedShare, "F1", " %"), Pair(row.Timing.Stages.Evaluation, row.Timing.Peer?.Evaluation, ", ", "F1"),
        ])]);

    /// <summary>Returns the loss and what distinguishes a row from the others of its table.</summary>
    private static string How(TrainRow row, IReadOnlyList<TrainRow> rows)
    {
        var parts = new List<string> { row.Case.Loss };
        Add(one => $"batch {one.Batch}", always: true);
        Add(one => $"{one.Threads} threads", always: true);
        Add(one => one.PrecisionName);
        Add(one => one.Layout);
        Add(one => one.Device);
        return string.Join(", ", parts);

        void Add(Func<TrainCase, string> part, bool always = false)
        {
            if (always || rows.Select(other => part(other.Case)).Distinct().Count() > 1) parts.Add(part(row.Case));
        }
    }

    private static TextCell Interval(MedianInterval? ratio, string format) =>
        new(ratio is null
            ? ValueFormat.Missing : $"{Text(ratio.Median, format)} ({Text(ratio.Low, format)} to {Text(ratio.High, format)})");

    private static TextCell Pair(double? first, double? second, string between, string format) =>
        new(first is null && second is null ? ValueFormat.Missing : Text(first, format) + between + Text(second, format));

    private static TextCell Number(double? value, string format, string unit = "") =>
        new(value is null ? ValueFormat.Missing : Text(value, format) + unit);

    private static string Text(double? value, string format) =>
        value is { } number && double.IsFinite(number) ? number.ToString(format) : ValueFormat.Missing;

    private static double? Mebibytes(long? bytes) => bytes / 1048576.0;
}
