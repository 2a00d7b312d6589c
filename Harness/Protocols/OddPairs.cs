namespace Ablation.Harness.Protocols;

/// <summary>Finds pairs that count for more, or for something else, than a reader of the figures expects: an image with itself, the same
/// two images again, the same two with both labels.</summary>
internal static class OddPairs
{
    private const double Notable = 0.05; // CFP-FF's published list has 1.9 % of its pairs twice

    /// <summary>Returns a line for each kind that there is.</summary>
    public static IEnumerable<string> Lines(IReadOnlyList<FacePair> pairs)
    {
        var first = new Dictionary<(int, int), int>(pairs.Count); // the first pair of the same two images
        var (alone, aloneApart, again, both) = (new List<int>(), 0, new List<int>(), new List<(int First, int Second)>());
        for (var i = 0; i < pairs.Count; i++)
        {
            var pair = pairs[i];
            if (pair.First == pair.Second)
            {
                alone.Add(i);
                if (!pair.Same) aloneApart++;
            }
            else if (!first.TryAdd((Math.Min(pair.First, pair.Second), Math.Max(pair.First, pair.Second)), i))
            {
                var before = first[(Math.Min(pair.First, pair.Second), Math.Max(pair.First, pair.Second))];
                again.Add(i);
                if (pairs[before].Same != pair.Same) both.Add((before, i));
            }
        }

        if (alone.Count > 0)
            yield return $"{alone.Count} of {pairs.Count} pairs are an image with itself, the first is pair {alone[0] + 1}" +
                $"{(aloneApart > 0 ? $"; {aloneApart} of them are labelled as two persons" : "")}: their distance is 0 for every network";
        if (both.Count > 0)
            yield return $"{both.Count} of {pairs.Count} pairs are listed before with the other label, the first is pair " +
                $"{both[0].Second + 1}, as pair {both[0].First + 1}: one of the two is wrong for every network";
        if (again.Count > Notable * pairs.Count)
            yield return $"{again.Count} of {pairs.Count} pairs are listed before, the first is pair {again[0] + 1}: a pair counts as " +
                "often as it is listed, and intervals take the pairs for different ones";
    }
}
