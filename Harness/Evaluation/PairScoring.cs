using Ablation.Harness.Data;

namespace Ablation.Harness.Evaluation;

/// <summary>Squared distances of a protocol's pairs.</summary>
public static class PairScoring
{
    /// <summary>2 - 2 cos of each pair, cosines in float64.</summary>
    /// <exception cref="DataProblem">An embedding is zero or no number; names the image.</exception>
    public static PairScores Of(PairProtocol protocol, EmbeddingMatrix embeddings) => Of(protocol, embeddings, protocol.Name, image => image, image => image);

    /// <summary>The same where pairs look at other rows: of one resolution on the left, of another on the right.</summary>
    /// <param name="first">Row of the first image of a pair.</param>
    public static PairScores Of(PairProtocol protocol, EmbeddingMatrix embeddings, string name, Func<int, int> first, Func<int, int> second)
    {
        var norms = new double[embeddings.Rows];
        for (var row = 0; row < norms.Length; row++) norms[row] = embeddings.Norm(row, protocol.Locate);
        var pairs = protocol.Pairs;
        var distances = new float[pairs.Count];
        Parallel.For(0, distances.Length, i =>
            distances[i] = (float)Math.Clamp(2 - 2 * embeddings.Cosine(first(pairs[i].First), second(pairs[i].Second), norms), 0, 4));
        var persons = Persons(protocol);
        return new PairScores(name, distances, [.. pairs.Select(pair => pair.Same)], [.. pairs.Select(pair => pair.Fold)], protocol.Folds)
        {
            FirstPerson = persons is null ? null : [.. pairs.Select(pair => persons[pair.First])],
            SecondPerson = persons is null ? null : [.. pairs.Select(pair => persons[pair.Second])],
        };
    }

    /// <summary>A number for each image's person; null where one is not known.</summary>
    private static int[]? Persons(PairProtocol protocol)
    {
        var (numbers, persons) = (new Dictionary<string, int>(), new int[protocol.ImageCount]);
        for (var image = 0; image < persons.Length; image++)
        {
            if (protocol.PersonName(image) is not { } name) return null;
            if (!numbers.TryGetValue(name, out persons[image])) numbers.Add(name, persons[image] = numbers.Count);
        }

        return persons;
    }
}
