namespace Ablation.Harness.Protocols;

/// <summary>Finds folds whose pairs are all of one person, or all of two: a threshold chosen on the other folds is then measured on only
/// one kind of error.</summary>
internal static class FoldKinds
{
    private const int Shown = 10;

    /// <summary>Returns one line if there is such a fold.</summary>
    public static IEnumerable<string> Lines(IReadOnlyList<FacePair> pairs, int folds)
    {
        var (same, different) = (new int[folds], new int[folds]);
        foreach (var pair in pairs) (pair.Same ? same : different)[pair.Fold]++;
        int[] single = [.. Enumerable.Range(0, folds).Where(fold => same[fold] == 0 || different[fold] == 0)];
        if (single.Length == 0) yield break;
        if (same.Sum() == 0 || different.Sum() == 0)
        {
            yield return $"all {pairs.Count} pairs are of {(different.Sum() == 0 ? "one person" : "two persons")}: an accuracy over " +
                $"them says nothing about the other kind";
            yield break;
        }

        var listed = string.Join(", ", single.Take(Shown).Select(fold => $"{fold + 1} ({(different[fold] == 0 ? "same" : "different")})"));
        yield return $"{single.Length} of {folds} folds hold pairs of one kind only: " +
            $"{listed}{(single.Length > Shown ? ", ..." : "")}; accuracies over folds are then not comparable with the field's, whose " +
            $"folds hold as many of each kind: "
            + "mix the pairs, or give folds with both kinds";
    }
}
