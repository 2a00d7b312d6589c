using System.Text;
using System.Text.RegularExpressions;

namespace Ablation.Experiments.Store;

/// <summary>Reads the end of a log that may be long, and that a process may be writing to.</summary>
public static partial class LogTail
{
    private const int Bytes = 64 << 10;

    /// <summary>
    /// Returns the last lines, without empty lines, those of createdump and control characters. Of a line rewritten in place, returns the
    /// last state. Returns none if the file is missing or unreadable.
    /// </summary>
    public static IReadOnlyList<string> Read(string path, int lines)
    {
        try
        {
            if (lines <= 0 || !File.Exists(path)) return [];
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            file.Seek(-Math.Min(Bytes, file.Length), SeekOrigin.End);
            using var reader = new StreamReader(file, Encoding.UTF8);
            var text = reader.ReadToEnd().Split('\n').Select(line => Control().Replace(line.TrimEnd('\r').Split('\r')[^1], "").TrimEnd());
            return [.. text.Where(line => line.Length > 0 && !line.StartsWith("[createdump]", StringComparison.Ordinal)).TakeLast(lines)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Matches colours and other terminal sequences, and single control characters.</summary>
    [GeneratedRegex(@"\x1b\[[0-?]*[ -/]*[@-~]|\p{Cc}")]
    private static partial Regex Control();
}
