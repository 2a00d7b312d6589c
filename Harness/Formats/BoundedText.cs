using Ablation.Harness.Foundations;

namespace Ablation.Harness.Formats;

/// <summary>Reads text files from outside, no further than their reader can need.</summary>
public static class BoundedText
{
    /// <summary>The longest text that a person writes, in bytes: a suite, a test.</summary>
    public const int MostBytes = 16 << 20;

    /// <summary>Reads the whole text: UTF-8, or as its byte order mark says.</summary>
    /// <exception cref="DataProblem">It is longer than <see cref="MostBytes"/>, or in another encoding.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string All(string path, string cure)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var bytes = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (int got; (got = file.Read(buffer)) > 0;)
        {
            if (bytes.Length + got > MostBytes) throw new DataProblem(path, $"more than {MostBytes} bytes", cure);
            bytes.Write(buffer, 0, got);
        }

        bytes.Position = 0;
        return ProtocolLines.All(bytes, path);
    }

    /// <summary>Reads at most <paramref name="most"/> lines unchanged, without empty ones at the end.</summary>
    /// <exception cref="DataProblem">There is no such file, or a line is too long to be one.</exception>
    public static IReadOnlyList<string> Lines(string path, long most, string cure)
    {
        var lines = new List<string>();
        var empty = 0L;
        foreach (var (text, _) in ProtocolLines.Untrimmed(path, cure))
        {
            if (text.Length == 0)
            {
                empty++;
                continue;
            }

            for (; empty > 0 && lines.Count < most; empty--) lines.Add("");
            if (lines.Count >= most) return lines;
            lines.Add(text);
        }

        return lines;
    }
}
