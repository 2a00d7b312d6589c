using Ablation.Harness.Embedding;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Kernels.Search;

namespace Ablation.Harness.Protocols;

/// <summary>A person of a test and the training identity that a network finds most similar.</summary>
/// <param name="Cosine">Between the two means of unit embeddings.</param>
public sealed record SimilarPair(string Tested, string Trained, double Cosine);

/// <summary>
/// Finds people whom a test may share with a training set by embeddings, for data without names. They are candidates to check, no proof.
/// In a test without names, each image counts as a person.
/// </summary>
public static class SimilarPeople
{
    /// <summary>
    /// Finds for each person of the test the nearest training identity, the most similar first; omits those below
    /// <paramref name="threshold"/>.
    /// </summary>
    /// <param name="training">Rows in the order of the source's images.</param>
    /// <param name="tested">Rows in the order of the test's images.</param>
    /// <exception cref="DataProblem">An embedding is zero or NaN; the message names the image.</exception>
    public static IReadOnlyList<SimilarPair> Find(FaceSource source, EmbeddingMatrix training, FaceTest test, EmbeddingMatrix tested,
        double threshold, CancellationToken cancel)
    {
        var identities = Means(training, Enumerable.Range(0, source.Count).Select(source.IdentityOf)
            .ToArray(), source.Identities, source.Locate);
        var (persons, names) = Persons(test);
        var people = Means(tested, persons, names.Count, test.Locate);
        var queries = Enumerable.Repeat(ProbeQuery.NonMated, people.Rows).ToArray();
        var found = GallerySearch.Run(people, queries, identities, [identities.Rows], new SearchOptions(TopK: 1), cancel);
        return
        [
            .. Enumerable.Range(0, people.Rows).Where(person => found.TopScores[person] >= threshold)
                .Select(person =>
                    new SimilarPair(names[person], source.PersonName(found.TopRows[person])
                        ?? source.NameOf(found.TopRows[person]), found.TopScores[person]))
                .OrderByDescending(pair => pair.Cosine).ThenBy(pair => pair.Tested, StringComparer.Ordinal),
        ];
    }

    private static (int[] PersonOf, List<string> Names) Persons(FaceTest test)
    {
        var (numbers, names, personOf) = (new Dictionary<string, int>(StringComparer.Ordinal), new List<string>(),
            new int[test.ImageCount]);
        for (var image = 0; image < personOf.Length; image++)
        {
            var name = test.PersonName(image) ?? test.ImageName(image);
            var one = UnicodeForm.Decomposed(name);
            if (!numbers.TryGetValue(one, out personOf[image]))
            {
                numbers.Add(one, personOf[image] = names.Count);
                names.Add(name);
            }
        }

        return (personOf, names);
    }

    /// <summary>Computes the means of the unit embeddings of each group, normalised to length 1.</summary>
    private static EmbeddingMatrix Means(EmbeddingMatrix embeddings, int[] groupOf, int groups, Func<int, string> locate)
    {
        var sums = new double[groups, embeddings.Dimension];
        for (var row = 0; row < groupOf.Length; row++)
        {
            var (values, norm) = (embeddings[row].ToArray(), embeddings.Norm(row, locate));
            for (var i = 0; i < values.Length; i++) sums[groupOf[row], i] += values[i] / norm;
        }

        var means = new EmbeddingMatrix(groups, embeddings.Dimension);
        for (var group = 0; group < groups; group++)
        {
            for (var i = 0; i < embeddings.Dimension; i++) means[group][i] = (float)sums[group, i];
        }

        var first = new int[groups];
        for (var row = groupOf.Length - 1; row >= 0; row--) first[groupOf[row]] = row;
        return means.Normalised(group => locate(first[group]));
    }
}
