using System.Security.Cryptography;
using System.Text;

namespace Ablation.Harness.Faces;

/// <summary>Identifies the state of a set on disk without reading its pictures.</summary>
internal static class SourceFingerprint
{
    /// <summary>Hashes path, class, length and time of writing of every image file, in order.</summary>
    public static string OfFiles(string kind, IEnumerable<(string Path, string Relative, int Class)> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (path, relative, identity) in files)
            hash.AppendData(Encoding.UTF8.GetBytes($"{relative}\t{identity}\t{State(path)}\n"));
        return $"{kind} {Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }

    /// <summary>Combines length and time of writing of the records with the content of index and property file.</summary>
    public static string OfPack(PackFiles pack)
    {
        using var index = new FileStream(pack.Index, FileMode.Open, FileAccess.Read, FileShare.Read);
        var property = File.Exists(pack.Property) ? File.ReadAllText(pack.Property) : "none";
        return $"pack {State(pack.Records)} {Convert.ToHexStringLower(SHA256.HashData(index))} {property}";
    }

    /// <summary>Combines path, length and time of writing; null if there is no such file.</summary>
    public static string? OfFile(string path) => File.Exists(path) ? $"file {Path.GetFullPath(path)} {State(path)}" : null;

    private static string State(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? $"{file.Length} {file.LastWriteTimeUtc.Ticks}" : "missing";
    }
}
