using Ablation.Harness.Embedding;
using Ablation.Harness.Kernels.Search;
using Ablation.Harness.Metrics;
using Ablation.Harness.Protocols;

namespace Ablation.Tests.Metrics;

/// <summary>
/// An identification on a pair test's images by the program's search: the first image of each person is in the gallery, all others are
/// probes.
/// </summary>
internal static class OneGallery
{
    /// <summary>Returns the scores; null if no person has two images.</summary>
    public static IdentificationScores? Search(FaceTest test, EmbeddingMatrix embeddings)
    {
        var persons = Enumerable.Range(0, test.ImageCount).Select(image => test.ImageName(image).Split('/')[0]).ToList();
        var (numbers, identity) = (new Dictionary<string, int>(), new int[persons.Count]);
        var (gallery, probes) = (new List<int>(), new List<int>());
        for (var image = 0; image < persons.Count; image++)
        {
            if (numbers.TryAdd(persons[image], numbers.Count)) gallery.Add(image);
            else probes.Add(image);
            identity[image] = numbers[persons[image]];
        }

        if (probes.Count == 0) return null;
        var (rows, queries) = (embeddings.Normalised([.. probes], test.Locate),
            embeddings.Normalised([.. gallery], test.Locate));
        var asked = ProbeQuery.Build(rows, [.. probes.Select(image => identity[image])], queries,
            [.. gallery.Select(image => identity[image])]);
        return SearchScores.Build("1:N", MateRule.Any, asked,
            GallerySearch.Run(rows, asked, queries, [queries.Rows], new SearchOptions()), [], [1, 5, 10]);
    }
}
