
using Ablation.Experiments.Reports.Tables;

namespace Ablation.Experiments.Reports.Micro;

/// <summary>Builds losses.md: what was measured, one table per shape, and the plots.</summary>
public static class MicroReport
{
    /// <param name="remarks">Notes for the reader: peers that were not run, cases that failed.</param>
    public static Document Build(IReadOnlyList<MicroRow> rows, string machine, IReadOnlyList<string> remarks,
        IReadOnlyList<(string Caption, string Path)> figures)
    {
        var blocks = new List<Block>
        {
            new Paragraph($"Machine: {machine}. Medians over interleaved iterations; float32 unless the row says otherwise."),
            new Note("The floor is the time of the B x D x C matrix products that a loss cannot avoid, through libtorch, measured " +
                "beside every iteration: three for the "
                + "softmax family and the proxy triplet, one for NPT. A ratio below 1 means that the kernels' own multiplication is " +
                    "faster than libtorch's; \"ratio to own "
                + "floor\" is over the same products by that multiplication. Peak memory is what forward and backward add to the " +
                    "proxies, their gradient and the batch."),
        };
        if (rows.Select(row => row.Commit).Distinct().Count() > 1)
            blocks.Add(new Note("Rows of several runs, by different versions of the program; losses.csv has the commit of each."));
        blocks.AddRange(remarks.Select(remark => new Note(remark)));
        foreach (var shape in rows.GroupBy(row => (row.Key.Dimension, row.Key.Classes, row.Key.Batch, row.Key.Threads)))
        {
            blocks.Add(new Heading(2,
                $"C = {shape.Key.Classes}, B = {shape.Key.Batch}, D = {shape.Key.Dimension}, {shape.Key.Threads} threads"));
            blocks.Add(new TableBlock(Table([.. shape])));
        }

        blocks.AddRange(figures.Select(figure => new Figure(figure.Caption, figure.Path)));
        return new Document("Loss kernels", blocks);
    }

    /// <summary>Returns the table of one shape: one row per loss and implementation.</summary>
    public static TextTable Table(IReadOnlyList<MicroRow> rows)
    {
        var precise = rows.All(row => row.Key.Precision == rows[0].Key.Precision);
        TextHeader[] headers =
        [
            new("loss"), new("implementation"), new("forward ms", IsNumber: true), new("forward + backward ms", IsNumber: true),
                new("images/s", IsNumber: true),
            new("ratio to floor", "95 % interval of the median", IsNumber: true), new("ratio to own floor", IsNumber: true),
                new("with SGD step ms", IsNumber: true),
            new("peak MiB", IsNumber: true), new("of B x C", IsNumber: true), new("faster than PyTorch", "tuned, default", IsNumber: true),
        ];
        return new TextTable("", headers, [.. rows.Select(row => (IReadOnlyList<TextCell>)
        [
            new TextCell(row.Key.Loss), new TextCell(row.Key.Implementation + (precise ? "" : $", {row.Key.Precision}")),
            Number(row.ForwardMs, "F2"), Number(row.ForwardBackwardMs, "F2"), Number(1000 * row.Key.Batch / row.ForwardBackwardMs, "F0"),
            new TextCell($"{row.Ratio.Median:F2} ({row.Ratio.Low:F2} to {row.Ratio.High:F2})"),
            Number(row.ForwardBackwardMs / row.OwnFloorMs, "F2"), Number(row.StepMs, "F2"), Number(row.PeakBytes / 1048576.0, "F1"),
            Number(100.0 * row.PeakBytes / row.MatrixBytes, "F1", " %"), Peers(row),
        ])]);
    }

    private static TextCell Peers(MicroRow row) => row.PeerMs is null ? new TextCell(ValueFormat.Missing)
        : new TextCell($"{row.PeerMs / row.ForwardBackwardMs:F2}, {row.PeerDefaultMs / row.ForwardBackwardMs:F2}");

    private static TextCell Number(double? value, string format, string unit = "") =>
        new(value is { } number && double.IsFinite(number) ? number.ToString(format) + unit : ValueFormat.Missing);
}
