using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using SkiaSharp;

namespace Ablation.Harness.Batches;

/// <summary>
/// Keeps decoded training pictures in a folder, one file per set, which trials and processes share: after the first use of a set none of
/// them decodes it again. If it cannot be used, it reports so once, and pictures are decoded as without it.
/// </summary>
/// <param name="folder">Created if it is missing. Files of sets that are gone or changed stay until they are deleted by hand.</param>
/// <param name="report">Gets one line for each file written and each failure, on the thread that opens or disposes.</param>
public sealed class PixelCache(string folder, Action<string> report)
{
    private const long LeftFree = 1L << 30;
    private const int Format = 1;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private readonly HashSet<string> unusable = []; // in this process

    /// <summary>Returns the free bytes of the disk that holds a path.</summary>
    internal Func<string, long> FreeBytes { get; init; } =
        path => FreeDisk.Bytes(Path.GetDirectoryName(path)!) ?? long.MaxValue; // where it is not known, a full disk shows on writing

    /// <summary>
    /// Returns <paramref name="source"/> with its pictures from the cache, which is written first if it is missing; other processes that
    /// need the same file wait for the one that writes it. Null if the set cannot be cached; then the source is unchanged.
    /// </summary>
    /// <param name="threads">Number of decoding threads while the cache is written.</param>
    /// <exception cref="OperationCanceledException">On <paramref name="cancel"/>; no half-written file is left.</exception>
    public PackedSource? Open(FaceSource source, int threads, CancellationToken cancel)
    {
        var path = Path.GetFullPath(folder);
        try
        {
            if (source.Fingerprint is not { } content) return null;
            // what decides a decoded bit
            var fingerprint = SHA256.HashData(Encoding.UTF8.GetBytes(
                $"{Format}\n{typeof(SKCodec).Assembly.GetName().Version}\n{RuntimeInformation.ProcessArchitecture}\n{content}"));
            path = Path.Combine(path, $"{FileName(source.Name)}-{Convert.ToHexStringLower(fingerprint.AsSpan(0, 8))}.pixels");
            if (unusable.Contains(path)) return null;
            if (TryOpen(path, fingerprint, source, reportDamage: true) is { } ready) return ready;
            Directory.CreateDirectory(folder);
            using var held = Lock(path, cancel);
            if (TryOpen(path, fingerprint, source, reportDamage: false) is { } built) return built; // by another process in the meantime
            Build(path, fingerprint, source, threads, cancel);
            return new PackedSource(source, PackedFile.Open(path, fingerprint, source.Count), report);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            unusable.Add(path);
            report($"{path}: {source.Name} is not cached: {problem.Message}; free space or choose another --cache folder " +
                $"(the run goes on and decodes)");
            return null;
        }
    }

    private PackedSource? TryOpen(string path, byte[] fingerprint, FaceSource source, bool reportDamage)
    {
        if (!File.Exists(path)) return null;
        try
        {
            return new PackedSource(source, PackedFile.Open(path, fingerprint, source.Count), report);
        }
        catch (InvalidDataException problem)
        {
            if (reportDamage) report($"{path}: {problem.Message}; it is written again");
            return null;
        }
        catch (FileNotFoundException)
        {
            return null; // removed by another process in the meantime
        }
    }

    private void Build(string path, byte[] fingerprint, FaceSource source, int threads, CancellationToken cancel)
    {
        // left by a process that was killed
        foreach (var left in Directory.EnumerateFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path) + ".*.tmp"))
            PackedFile.Remove(left);
        var bytes = PackedWriter.Estimate(source);
        if (bytes + LeftFree > FreeBytes(path))
            throw new IOException(
                $"it takes about {bytes >> 20} MB and {LeftFree >> 20} MB are left free, but the disk has {FreeBytes(path) >> 20} MB");
        report($"{path}: writing {source.Count} decoded pictures, about {bytes >> 20} MB");
        var clock = Stopwatch.StartNew();
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            PackedWriter.Write(temporary, source, fingerprint, threads, CheckSpace, cancel);
            PatientFile.Move(temporary, path, overwrite: true);
        }
        finally
        {
            PackedFile.Remove(temporary);
        }

        report($"{path}: written in {clock.Elapsed.TotalSeconds:F0} s");

        void CheckSpace()
        {
            if (FreeBytes(path) < LeftFree) throw new IOException($"less than {LeftFree >> 20} MB are free on its disk");
        }
    }

    /// <summary>Waits until no other process holds the lock. The empty file is kept: a deleted one could be locked twice.</summary>
    private FileStream Lock(string path, CancellationToken cancel)
    {
        for (var reported = false; ; reported = true)
        {
            try
            {
                return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
            }
            catch (IOException problem) when (IsHeldByAnother(problem))
            {
                if (!reported) report($"{path}: waiting for the process that writes it");
                cancel.WaitHandle.WaitOne(Poll);
                cancel.ThrowIfCancellationRequested();
            }
        }
    }

    // Windows: sharing or lock violation; elsewhere .NET passes errno on: EAGAIN is 11 on Linux, 35 on macOS
    private static bool IsHeldByAnother(IOException problem) =>
        OperatingSystem.IsWindows() ? (problem.HResult & 0xFFFF) is 32 or 33 : problem.HResult is 11 or 35;

    private static string FileName(string name) =>
        string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : '-'))
        .Trim('-') is { Length: > 0 } safe ? safe[..Math.Min(40, safe.Length)] : "set";
}
