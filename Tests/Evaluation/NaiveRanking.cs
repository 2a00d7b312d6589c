using Ablation.Harness.Evaluation;

namespace Ablation.Tests.Evaluation;

/// <summary>An identification on a pair test's images: the first image of each person is the gallery, all others are probes; float64 cosines, rounded to float32 so that copies tie.</summary>
internal static class NaiveRanking
{
    /// <summary>For each probe, how many gallery images come before the one of its person; of equal scores the earlier comes first.</summary>
    public static IReadOnlyList<int> Ahead(EmbeddingMatrix embeddings, IReadOnlyList<string> persons)
    {
        var norms = Enumerable.Range(0, embeddings.Rows).Select(row => embeddings.Norm(row, _ => "row")).ToArray();
        var mate = new Dictionary<string, int>();
        for (var row = 0; row < persons.Count; row++) mate.TryAdd(persons[row], row);
        var gallery = mate.Values.Order().ToArray();
        var probes = Enumerable.Range(0, persons.Count).Where(row => mate[persons[row]] != row).ToArray();
        var ahead = new int[probes.Length];
        Parallel.For(0, probes.Length, i =>
        {
            var own = mate[persons[probes[i]]];
            var score = (float)embeddings.Cosine(probes[i], own, norms);
            ahead[i] = gallery.Count(row => (float)embeddings.Cosine(probes[i], row, norms) is var other && (other > score || (other == score && row < own)));
        });
        return ahead;
    }
}
