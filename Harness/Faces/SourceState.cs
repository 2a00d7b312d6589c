using System.Security.Cryptography;
using System.Text;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Faces;

/// <summary>
/// What a training set is at one moment, for a checkpoint: two states that are equal make the same batches. Sees every file's name, class,
/// order, length and time of writing, and
/// the decoded pictures and labels of up to <see cref="Pictures"/> images. Does not see a picture between those that was written over with
/// the same length and its old time.
/// </summary>
/// <param name="Files">SHA-256 of <see cref="FaceSource.Fingerprint"/>; null where the set has no files to look at, or they could not be
/// looked at.</param>
/// <param name="Content">SHA-256 of the number of images and identities, and of label and decoded picture of images at equal
/// distances.</param>
public sealed record SourceState(string? Files, string Content)
{
    /// <summary>Most pictures that are decoded: a second's work or two, and the training wants them anyway.</summary>
    public const int Pictures = 1024;

    /// <param name="files">The set as it lies on the disk.</param>
    /// <param name="pictures">The same set as the training reads it, perhaps from a cache.</param>
    /// <param name="threads">That decode.</param>
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

    /// <summary>What differs from an earlier state, in words; null where nothing does.</summary>
    public string? Change(SourceState before)
    {
        if (Content != before.Content) return "the training data are others now: pictures, labels or their order changed";
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
            return SHA256.HashData(Encoding.ASCII.GetBytes($"{index} unreadable\n")); // whoever reads it has other data
        }
    }
}
