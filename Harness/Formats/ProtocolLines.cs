using System.Text;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Formats;

/// <summary>
/// Reads the lines of a protocol's text file one at a time: UTF-8, with or without a byte order mark, ended by LF or CRLF.
/// </summary>
internal static class ProtocolLines
{
    private const int LongestLine = 16_384; // characters; a file without line ends must not be read into memory
    private const string NotText = "not UTF-8, which every list must be", SaveAgain = "save the file again as UTF-8";
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads the lines that are not blank, trimmed, with their numbers from 1.</summary>
    /// <exception cref="DataProblem">There is no such file, or a line is too long to be one.</exception>
    public static IEnumerable<(string Text, int Line)> Read(string path, string cure) =>
        Untrimmed(path, cure).Select(line => (Text: line.Text.Trim(), line.Line)).Where(line => line.Text.Length > 0);

    /// <summary>Reads the first line unchanged; empty if the file has none.</summary>
    /// <inheritdoc cref="Read"/>
    public static string First(string path, string cure) => Untrimmed(path, cure).First().Text;

    /// <summary>Reads every line without its end, and an empty one after the last line end.</summary>
    /// <inheritdoc cref="Read"/>
    public static IEnumerable<(string Text, int Line)> Untrimmed(string path, string cure)
    {
        if (!File.Exists(path)) throw new DataProblem(path, "no such file", cure);
        using var reader = new StreamReader(path, Strict);
        var text = new StringBuilder();
        for (var line = 1; ; line++)
        {
            text.Clear();
            int next;
            while ((next = Next(reader, path)) is not (-1 or '\n'))
            {
                if (text.Length == LongestLine)
                    throw new DataProblem($"{path}({line})", $"a line of more than {LongestLine} characters", cure);
                text.Append((char)next);
            }

            yield return (text.ToString().TrimEnd('\r'), line);
            if (next < 0) yield break;
        }
    }

    /// <summary>Reads the rest of a text: UTF-8, or as its byte order mark says.</summary>
    /// <param name="path">For the error.</param>
    /// <exception cref="DataProblem">It is neither.</exception>
    public static string All(Stream bytes, string path)
    {
        try
        {
            using var reader = new StreamReader(bytes, Strict, leaveOpen: true);
            return reader.ReadToEnd();
        }
        catch (DecoderFallbackException e)
        {
            throw new DataProblem($"{path}({BadLine(bytes)})", NotText, SaveAgain, e);
        }
    }

    private static int Next(StreamReader reader, string path)
    {
        try
        {
            return reader.Read();
        }
        catch (DecoderFallbackException e)
        {
            using var bytes = File.OpenRead(path);
            throw new DataProblem($"{path}({BadLine(bytes)})", NotText, SaveAgain, e);
        }
    }

    /// <summary>Returns the first line whose bytes are not UTF-8: the reader was some lines ahead.</summary>
    private static int BadLine(Stream bytes)
    {
        bytes.Position = 0;
        using var reader = new StreamReader(bytes, Encoding.Latin1, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        for (var line = 1; reader.ReadLine() is { } text; line++)
            if (!System.Text.Unicode.Utf8.IsValid(Encoding.Latin1.GetBytes(text))) return line;
        return 1;
    }
}
