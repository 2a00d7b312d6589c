using System.Security.Cryptography;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;
using Ablation.Harness.Protocols;

namespace Ablation.Harness.Provenance;

/// <summary>
/// A fingerprint of a trial's data: equal for equal data on two machines, in any folder and with any file times. It is computed from
/// samples, so it misses a changed picture or label between them (docs/results.md).
/// </summary>
/// <param name="Training">SHA-256 over the number of images and identities, up to <see cref="Labels"/> labels and <see cref="Pictures"/>
/// decoded pictures, spread evenly.</param>
/// <param name="Tests">The same for each test, in its order: folds, every pair, and pictures.</param>
public sealed record DataFingerprint(string Training, IReadOnlyList<TestFingerprint> Tests)
{
    /// <summary>The largest number of labels that are read.</summary>
    public const int Labels = 4096;

    /// <summary>The largest number of pictures that are read, of a training set or a test.</summary>
    public const int Pictures = 64;

    public bool Equals(DataFingerprint? other) => other is not null && other.Training == Training && other.Tests.SequenceEqual(Tests);

    public override int GetHashCode() => Training.GetHashCode(StringComparison.Ordinal);

    /// <summary>Hashes a training set.</summary>
    public static string Compute(FaceSource source)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, source.Count, source.Identities);
        foreach (var index in Spread(source.Count, Labels)) Add(hash, index, IdentityOrMissing(() => source.IdentityOf(index)));
        foreach (var index in Spread(source.Count, Pictures)) AddPicture(hash, index, () => source.Read(index).Image);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Hashes a test.</summary>
    public static string Compute(FaceTest test)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        test.Describe(new DesignHash(hash));
        foreach (var index in Spread(test.ImageCount, Pictures)) AddPicture(hash, index, () => test.Read(index));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Returns all of 0 .. count-1, or <paramref name="most"/> of them at equal distances.</summary>
    private static IEnumerable<int> Spread(int count, int most)
    {
        var taken = Math.Min(count, most);
        for (var i = 0; i < taken; i++) yield return (int)((long)i * count / taken);
    }

    private static void AddPicture(IncrementalHash hash, int index, Func<FaceImage> read)
    {
        try
        {
            var image = read();
            Add(hash, index, image.Width, image.Height);
            hash.AppendData(image.Rgb);
        }
        catch (DataProblem)
        {
            Add(hash, index, -1); // a training may skip it, but a copy with the picture is different data
        }
    }

    private static int IdentityOrMissing(Func<int> label)
    {
        try
        {
            return label();
        }
        catch (DataProblem)
        {
            return -1;
        }
    }

    private static void Add(IncrementalHash hash, params ReadOnlySpan<int> numbers) => new DesignHash(hash).Add(numbers);
}

/// <summary>See <see cref="DataFingerprint.Tests"/>.</summary>
public sealed record TestFingerprint(string Name, string Hash);
