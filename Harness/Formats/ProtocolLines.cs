using System.Text;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Formats;

/// <summary>The lines of a protocol's text file, one at a time: UTF-8, with or without a byte order mark, ended by LF or CRLF.</summary>
internal static class ProtocolLines
{
    private const int LongestLine = 16_384; // characters; a file without line ends must not be read into memory

    /// <summary>The lines that are not blank, trimmed, with their numbers from 1.</summary>
    /// <exception cref="DataProblem">There is no such file, or a line is too long to be one.</exception>
    public static IEnumerable<(string Text, int Line)> Read(string path, string cure) =>
        Untrimmed(path, cure).Select(line => (Text: line.Text.Trim(), line.Line)).Where(line => line.Text.Length > 0);

    /// <summary>The first line as it is; empty where the file has none.</summary>
    /// <inheritdoc cref="Read"/>
    public static string First(string path, string cure) => Untrimmed(path, cure).First().Text;

    /// <summary>Every line without its end; after the last line end one more, which is empty.</summary>
    /// <inheritdoc cref="Read"/>
    public static IEnumerable<(string Text, int Line)> Untrimmed(string path, string cure)
    {
        if (!File.Exists(path)) throw new DataProblem(path, "no such file", cure);
        using var reader = new StreamReader(path, Encoding.UTF8);
        var text = new StringBuilder();
        for (var line = 1; ; line++)
        {
            text.Clear();
            int next;
            while ((next = reader.Read()) is not (-1 or '\n'))
            {
                if (text.Length == LongestLine)
                    throw new DataProblem($"{path}({line})", $"a line of more than {LongestLine} characters", cure);
                text.Append((char)next);
            }

            yield return (text.ToString().TrimEnd('\r'), line);
            if (next < 0) yield break;
        }
    }
}
