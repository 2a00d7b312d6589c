using System.Text;

namespace Ablation.Experiments.Suites;

/// <summary>
/// The text of a suite as it is read: with the suite that it extends, with the values that are set and with its sweeps written out. A
/// place in this text leads back to the file, or to the option, in which it was written.
/// </summary>
public sealed class SuiteSource
{
    private readonly byte[] bytes;
    private readonly IReadOnlyList<(long Start, Origin Origin)> origins;

    /// <param name="settings">Values set on the command line, as given.</param>
    /// <param name="origins">Where the values of the text were written, by their first bytes; empty for a text as its file has it.</param>
    internal SuiteSource(string file, string text, IReadOnlyList<string> settings, IReadOnlyList<(long, Origin)> origins) =>
        (File, Text, Settings, this.origins, bytes) = (file, text, settings, origins, Encoding.UTF8.GetBytes(text));

    public string File { get; }

    public string Text { get; }

    /// <summary>The values set on the command line: "trainings.epochs=5".</summary>
    public IReadOnlyList<string> Settings { get; }

    /// <summary>Returns "FILE(LINE,COLUMN)" of a byte of <see cref="Text"/>, or "--set PATH=VALUE".</summary>
    public string Place(long start)
    {
        if (origins.Count == 0) return TextPlace.Of(File, bytes, start);
        var (low, high) = (0, origins.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (origins[middle].Start <= start) low = middle;
            else high = middle - 1;
        }

        return origins[low].Origin.ToString();
    }
}
