using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Ablation.Harness.Faces;

namespace Ablation.Harness.Protocols;

/// <summary>Finds pictures of a test that are in a training set, by <see cref="FaceTest.ImageKey"/>: decodes nothing.</summary>
internal static class PictureKeys
{
    private const string File = "file", Bytes = "bytes";
    private const int Most = 2_000_000; // each costs one file access

    /// <summary>Returns the names of the shared pictures in order; null if the two cannot be compared.</summary>
    /// <param name="byContent">Whether files that may be copies of each other are read and their bytes compared.</param>
    public static List<string>? Shared(FaceSource training, FaceTest test, bool byContent)
    {
        if ((long)training.Count + test.ImageCount > Most || training.Count == 0 || test.ImageCount == 0) return null;
        if (training.ImageKey(0) is not { } one || test.ImageKey(0) is not { } other) return null;
        var isOneKind = Kind(one) == Kind(other);
        var canRead = byContent && Kind(one) is (File or Bytes) && Kind(other) is (File or Bytes);
        if (!isOneKind && !canRead) return null; // before the keys, which look at files
        var (trained, tested) = (Keys(training.Count, training.ImageKey), Keys(test.ImageCount, test.ImageKey));
        if (!canRead) return Names(Common(trained, tested));
        // files of different lengths are different pictures
        var lengths = isOneKind && Kind(one) == File ? Lengths(trained).Intersect(Lengths(tested)).ToHashSet() : null;
        return Names(Common(Contents(trained, training.Locate, lengths), Contents(tested, test.Locate, lengths)));

        List<string> Names(IEnumerable<int> images) => [.. images.Select(test.ImageName).Order(StringComparer.Ordinal)];
    }

    private static string?[] Keys(int count, Func<int, string?> key) => [.. Enumerable.Range(0, count).Select(key)];

    private static List<int> Common(string?[] trained, string?[] tested)
    {
        var known = trained.OfType<string>().ToHashSet(StringComparer.Ordinal);
        return [.. tested.Index().Where(one => one.Item is { } key && known.Contains(key)).Select(one => one.Index)];
    }

    /// <summary>Returns the keys of bytes; those of files of other lengths are null.</summary>
    private static string?[] Contents(string?[] keys, Func<int, string> locate, HashSet<string>? lengths)
    {
        var contents = new string?[keys.Length];
        Parallel.ForEach(Partitioner.Create(0, keys.Length), range =>
        {
            for (var image = range.Item1; image < range.Item2; image++)
            {
                if (keys[image] is not { } key || Kind(key) == Bytes) contents[image] = keys[image];
                else if (lengths?.Contains(Length(key)) != false) contents[image] = OfBytes(locate(image));
            }
        });
        return contents;
    }

    /// <summary>The key of a file's bytes, as a pack of encoded pictures has it.</summary>
    private static string OfBytes(string path)
    {
        using var file = System.IO.File.OpenRead(path);
        return $"{Bytes} {BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(file)):x32}";
    }

    private static IEnumerable<string> Lengths(string?[] keys) => keys.OfType<string>().Select(Length).Distinct();

    /// <summary>A file's key is "file PATH LENGTH TIME".</summary>
    private static string Length(string key) => key.Split(' ')[^2];

    /// <summary>Returns the kind of a key; keys of different kinds (file, bytes) are never equal, even for one picture.</summary>
    private static string Kind(string key) => key[..key.IndexOf(' ', StringComparison.Ordinal)];
}
