using System.Text;
using System.Text.Json;
using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Store;

/// <summary>
/// Append-only files with one JSON object per line. Skips a line that a killed process left half-written.
/// </summary>
public static class JsonLines
{
    private static readonly JsonSerializerOptions OneLine = new(SpecJson.Options) { WriteIndented = false };

    /// <summary>Appends a line and flushes it to the disk.</summary>
    /// <exception cref="IOException">The disk is full or the folder cannot be written.</exception>
    public static void Append<T>(string path, T value)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        var torn = false;
        if (file.Length > 0)
        {
            file.Seek(-1, SeekOrigin.End);
            torn = file.ReadByte() != '\n';
        }

        file.Seek(0, SeekOrigin.End);
        file.Write(Encoding.UTF8.GetBytes($"{(torn ? "\n" : "")}{JsonSerializer.Serialize(value, OneLine)}\n"));
        file.Flush(flushToDisk: true);
    }

    /// <summary>Reads every complete line; none if there is no file.</summary>
    public static IReadOnlyList<T> Read<T>(string path) where T : class
    {
        if (!File.Exists(path)) return [];
        using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        var values = new List<T>();
        while (file.ReadLine() is { } line)
        {
            try
            {
                if (line.Length > 0) values.Add(SpecJson.Read<T>(line));
            }
            catch (Exception e) when (e is JsonException or NotSupportedException)
            {
                // half a line
            }
        }

        return values;
    }
}
