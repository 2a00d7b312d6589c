using Ablation.Harness.Embedding;
using Ablation.Harness.Faces;
using Ablation.Harness.Protocols;
using Ablation.Tests.Images;

namespace Ablation.Tests.Metrics;

/// <summary>Pair lists over generated files, and embeddings for them.</summary>
internal static class MadeUpPairs
{
    /// <summary>Writes pairs.tsv and its images PERSON/IMAGE.png, with folds of unequal sizes and repeated pairs.</summary>
    public static PairProtocol Of(TemporaryFolder folder, int seed, int persons, int imagesEach, int pairs,
        PersonFrom personFrom = PersonFrom.Folder)
    {
        var random = new Random(seed);
        var picture = Pictures.Png(Pictures.Of(seed));
        for (var person = 0; person < persons; person++)
        {
            Directory.CreateDirectory(folder.File($"p{person}"));
            for (var image = 0; image < imagesEach; image++)
                File.WriteAllBytes(folder.File(Path.Combine($"p{person}", $"{image}.png")), picture);
        }

        var lines = Enumerable.Range(0, pairs).Select(pair =>
        {
            var (person, same) = (random.Next(persons), random.Next(2) == 0);
            var other = same ? person : (person + 1 + random.Next(persons - 1)) % persons;
            var first = random.Next(imagesEach);
            var second = same ? (first + 1 + random.Next(imagesEach - 1)) % imagesEach : random.Next(imagesEach);
            var fold = pair < 10 ? pair % 5 : random.Next(5); // each fold has pairs
            return $"p{person}/{first}.png\tp{other}/{second}.png\t{(same ? 1 : 0)}\t{fold}";
        });
        File.WriteAllLines(folder.File("pairs.tsv"), lines);
        return new PairListOptions
        {
            Path = "pairs.tsv",
            Root = ".",
            PersonFrom = personFrom,
            Convention = "mean-centred-arccos"
        }.Open(new DataRoot(folder.Path));
    }

    /// <summary>Small integers, so that many cosines are equal; images of one person are similar, some are copies.</summary>
    public static EmbeddingMatrix FewValues(PairProtocol test, int seed)
    {
        var matrix = new EmbeddingMatrix(test.ImageCount, 5);
        for (var image = 0; image < test.ImageCount; image++)
        {
            var person = test.ImageName(image).Split('/')[0];
            var own = new Random(seed * 1000 + int.Parse(person[1..]));
            var noise = new Random(seed * 77 + image / 2); // every other image repeats the previous one if the person is the same
            for (var d = 0; d < matrix.Dimension; d++) matrix[image][d] = own.Next(-1, 2) * 2 + noise.Next(-1, 2) + (d == 0 ? 1 : 0);
            if (!matrix[image].ContainsAnyExcept(0f)) matrix[image][0] = 1;
        }

        return matrix;
    }

    /// <summary>Normal numbers around a point of each person.</summary>
    public static EmbeddingMatrix Random(PairProtocol test, int seed)
    {
        var matrix = new EmbeddingMatrix(test.ImageCount, 6);
        var persons = new Dictionary<string, float[]>();
        var random = new Random(seed);
        for (var image = 0; image < test.ImageCount; image++)
        {
            var name = test.PersonName(image)!;
            if (!persons.TryGetValue(name, out var own))
                persons.Add(name, own = [.. Enumerable.Range(0, matrix.Dimension).Select(_ => random.NextSingle() - 0.4f)]);
            for (var d = 0; d < matrix.Dimension; d++) matrix[image][d] = own[d] + 0.6f * random.NextSingle();
        }

        return matrix;
    }
}
