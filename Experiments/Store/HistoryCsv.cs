using System.Globalization;
using Ablation.Harness.Training;
using CsvHelper;

namespace Ablation.Experiments.Store;

/// <summary>The looks at the loss during training, one a row; numbers read back bit for bit.</summary>
public static class HistoryCsv
{
    private static readonly string[] Columns = ["step", "epoch", "learning_rate", "loss", "images_per_second"];

    public static string Write(IReadOnlyList<HistoryPoint> history)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = CsvWriter.Create(text, new CsvWriterOptions { NewLine = "\n", FormatProvider = CultureInfo.InvariantCulture }, leaveOpen: true))
        {
            csv.WriteHeader(Columns);
            foreach (var point in history)
                csv.WriteRecord([Raw(point.Step), Raw(point.Epoch), Raw(point.LearningRate), Raw(point.Loss), Raw(point.ImagesPerSecond)]);
        }

        return text.ToString();
    }

    /// <exception cref="InvalidDataException">The file does not fit; says which line.</exception>
    public static IReadOnlyList<HistoryPoint> Read(string path) =>
        CsvLines.Read(path, Columns, cells => new HistoryPoint(CsvLines.Whole(cells[0]), CsvLines.Number(cells[1]), CsvLines.Number(cells[2]), CsvLines.Number(cells[3]), CsvLines.Number(cells[4])));

    private static string Raw(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
