using Ablation.Harness.Embedding;
using Ablation.Harness.Protocols;

namespace Ablation.Tests.Protocols;

/// <summary>Tests whose images are known by their names alone, with embeddings made from them.</summary>
internal static class NamedFaces
{
    /// <summary>Writes files that are not pictures: the readers use only names.</summary>
    public static void Put(TemporaryFolder folder, string below, params string[] names)
    {
        var path = folder.File(Path.Combine(below.Split('/')));
        Directory.CreateDirectory(path);
        foreach (var name in names) File.WriteAllText(Path.Combine(path, name), name);
    }

    /// <summary>Returns embeddings: persons are far apart, images of a person close, non-enrolled people random.</summary>
    public static EmbeddingMatrix Embeddings(FaceTest test)
    {
        var embeddings = new EmbeddingMatrix(test.ImageCount, 24);
        for (var image = 0; image < test.ImageCount; image++)
        {
            var (person, own) = (new Random(Seed(test.PersonName(image) ?? test.ImageName(image))), new Random(image));
            foreach (ref var value in embeddings[image]) value = (float)(3 * person.NextDouble() - 1.5 + 0.1 * own.NextDouble());
        }

        return embeddings;
    }

    private static int Seed(string text) => text.Aggregate(17, (hash, letter) => unchecked(hash * 31 + letter));

    public static string Hash(FaceTest test)
    {
        using var hash = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
        test.Describe(new DesignHash(hash));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
