using System.Globalization;
using Ablation.Harness.Training;
using CsvHelper;

namespace Ablation.Experiments.Store;

/// <summary>The looks at the loss during training, one a row; numbers read back bit for bit. The speed is not among them: equal trainings give equal bytes.</summary>
public static class HistoryCsv
{
    private static readonly string[] Columns = ["step", "epoch", "learning_rate", "loss"];
    private static readonly string[] Earlier = [.. Columns, "images_per_second"]; // of results before checkpoints;

    public static string Write(IReadOnlyList<HistoryPoint> history)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = CsvWriter.Create(text, new CsvWriterOptions { NewLine = "\n", FormatProvider = CultureInfo.InvariantCulture }, leaveOpen: true))
        {
            csv.WriteHeader(Columns);
            foreach (var point in history)
                csv.WriteRecord([Raw(point.Step), Raw(point.Epoch), Raw(point.LearningRate), Raw(point.Loss)]);
        }

        return text.ToString();
    }

    /// <exception cref="InvalidDataException">The file does not fit; says which line.</exception>
    public static IReadOnlyList<HistoryPoint> Read(string path) =>
        CsvLines.Read(path, IsEarlier(path) ? Earlier : Columns, cells => new HistoryPoint(CsvLines.Whole(cells[0]), CsvLines.Number(cells[1]), CsvLines.Number(cells[2]), CsvLines.Number(cells[3])));

    private static bool IsEarlier(string path)
    {
        if (!File.Exists(path)) return false; // the reader tells
        using var file = File.OpenText(path);
        return file.ReadLine() == string.Join(",", Earlier);
    }

    private static string Raw(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
