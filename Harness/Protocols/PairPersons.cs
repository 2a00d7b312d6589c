using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;

namespace Ablation.Harness.Protocols;

/// <summary>A number for the person of each image of a pair test.</summary>
/// <param name="From"><see cref="PairScores.PersonsFromNames"/> or <see cref="PairScores.PersonsFromPairs"/>.</param>
internal sealed record PairPersons(int[] OfImage, string From)
{
    /// <summary>
    /// Numbers persons by name if the protocol names the person of every image, else by the sets of images that "same" pairs connect.
    /// </summary>
    /// <remarks>Without names, one person whose images no "same" pair connects counts as several. The intervals are then too narrow, never
    /// too wide.</remarks>
    public static PairPersons Number(PairProtocol protocol) =>
        Named(protocol) is { } named
        ? new PairPersons(named, PairScores.PersonsFromNames) : new PairPersons(Connected(protocol), PairScores.PersonsFromPairs);

    private static int[]? Named(PairProtocol protocol)
    {
        var (numbers, persons) = (new Dictionary<string, int>(), new int[protocol.ImageCount]);
        for (var image = 0; image < persons.Length; image++)
        {
            if (protocol.PersonName(image) is not { } name) return null;
            var one = UnicodeForm.Decomposed(name);
            if (!numbers.TryGetValue(one, out persons[image])) numbers.Add(one, persons[image] = numbers.Count);
        }

        return persons;
    }

    /// <summary>Finds the connected sets by union-find; a set's number is its lowest image.</summary>
    private static int[] Connected(PairProtocol protocol)
    {
        var parent = Enumerable.Range(0, protocol.ImageCount).ToArray();
        foreach (var pair in protocol.Pairs)
        {
            if (!pair.Same) continue;
            var (first, second) = (Root(pair.First), Root(pair.Second));
            parent[Math.Max(first, second)] = Math.Min(first, second);
        }

        return [.. parent.Select((_, image) => Root(image))];

        int Root(int image)
        {
            while (parent[image] != image) image = parent[image] = parent[parent[image]];
            return image;
        }
    }
}
