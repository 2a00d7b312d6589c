using System.Security.Cryptography;
using System.Text;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Faces;

/// <summary>
/// The state of a training set at one moment, for a checkpoint: equal states give the same batches. It covers every file's name, class,
/// order, length and time of writing, and the decoded pictures and labels of up to <see cref="Pictures"/> images; not a picture between
/// those that was overwritten with the same length and time.
/// </summary>
/// <param name="Files">SHA-256 of <see cref="FaceSource.Fingerprint"/>; null if the set has no files, or their state cannot be
/// read.</param>
/// <param name="Content">SHA-256 of the number of images and identities, and of label and decoded picture of evenly spaced
/// images.</param>
public sealed record SourceState(string? Files, string Content)
{
    /// <summary>The most pictures that are decoded: one or two seconds of work.</summary>
    public const int Pictures = 1024;

    /// <param name="files">The set as it is on disk.</param>
    /// <param name="pictures">The same set as the training reads it, perhaps from a cache.</param>
    /// <param name="threads">Number of decoding threads.</param>
    public static SourceState Capture(FaceSource files, FaceSource pictures, int threads, CancellationToken cancel)
    {
        var taken = Math.Min(pictures.Count, Pictures);
        var hashes = new byte[taken][];
        Parallel.For(0, taken, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads), CancellationToken = cancel },
            i => hashes[i] = Picture(pictures, (int)((long)i * pictures.Count / taken)));
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        all.AppendData(Encoding.ASCII.GetBytes($"{pictures.Count} {pictures.Identities}\n"));
        foreach (var hash in hashes) all.AppendData(hash);
        return new SourceState(FilesOf(files), Convert.ToHexStringLower(all.GetHashAndReset()));
    }

    /// <summary>See <see cref="Files"/>.</summary>
    public static string? FilesOf(FaceSource files)
    {
        try
        {
            return files.Fingerprint is { } print ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(print))) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Describes what differs from an earlier state; null if nothing does.</summary>
    public string? Change(SourceState before)
    {
        if (Content != before.Content) return "the training data changed: pictures, labels or their order";
        return Files == before.Files
            ? null : "files of the training data were written, renamed or replaced since (their names, lengths or times differ; copies " +
                "keep their times with cp -p or rsync -a)";
    }

    private static byte[] Picture(FaceSource source, int index)
    {
        try
        {
            var face = source.Read(index);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            hash.AppendData(Encoding.ASCII.GetBytes($"{index} {face.Identity} {face.Image.Width} {face.Image.Height}\n"));
            hash.AppendData(face.Image.Rgb);
            return hash.GetHashAndReset();
        }
        catch (DataProblem)
        {
            return SHA256.HashData(Encoding.ASCII.GetBytes($"{index} unreadable\n")); // a state in which it is readable differs
        }
    }
}
