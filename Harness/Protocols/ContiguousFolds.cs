namespace Ablation.Harness.Protocols;

/// <summary>
/// Folds of a test whose files do not name them: contiguous, as equal as possible; the first (pairs mod folds) have one pair more, as
/// in scikit-learn's KFold.
/// </summary>
internal static class ContiguousFolds
{
    private const int Usual = 10;

    /// <summary>Ten, or one per pair where there are fewer.</summary>
    public static int Count(int pairs) => Math.Min(Usual, pairs);

    public static int FoldOf(int pair, int pairs, int folds)
    {
        var (size, longer) = Math.DivRem(pairs, folds);
        var inLonger = longer * (size + 1);
        return pair < inLonger ? pair / (size + 1) : longer + (pair - inLonger) / size;
    }
}
