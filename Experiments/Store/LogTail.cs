using System.Text;

namespace Ablation.Experiments.Store;

/// <summary>The end of a log that may be long, and that a process may be writing to.</summary>
public static class LogTail
{
    private const int Bytes = 64 << 10;

    /// <summary>The last lines that are not empty, without control characters; none where there is no file, or none that can be read.</summary>
    public static IReadOnlyList<string> Of(string path, int lines)
    {
        try
        {
            if (lines <= 0 || !File.Exists(path)) return [];
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            file.Seek(-Math.Min(Bytes, file.Length), SeekOrigin.End);
            using var reader = new StreamReader(file, Encoding.UTF8);
            var text = reader.ReadToEnd().Split('\n').Select(line => new string([.. line.TrimEnd('\r').Split('\r')[^1].Where(c => !char.IsControl(c))]).TrimEnd());
            return [.. text.Where(line => line.Length > 0).TakeLast(lines)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
