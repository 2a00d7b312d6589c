using System.Text;
using System.Text.RegularExpressions;

namespace Ablation.Experiments.Store;

/// <summary>The end of a log that may be long, and that a process may be writing to.</summary>
public static partial class LogTail
{
    private const int Bytes = 64 << 10;

    /// <summary>
    /// The last lines that are not empty and not of the tool that makes crash dumps, without control characters, of a line rewritten in
    /// place the last state; none where there is no file, or none that can be read.
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

    /// <summary>Colours and other orders to a terminal, and single control characters.</summary>
    [GeneratedRegex(@"\x1b\[[0-?]*[ -/]*[@-~]|\p{Cc}")]
    private static partial Regex Control();
}
