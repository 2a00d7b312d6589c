namespace Ablation.Harness.Protocols;

/// <summary>
/// Splits pairs into contiguous folds, as equal as possible, for tests whose files have no folds. The first (pairs mod folds) folds have
/// one pair more, as in scikit-learn's KFold.
/// </summary>
internal static class ContiguousFolds
{
    private const int Usual = 10;

    /// <summary>Returns ten, or the number of pairs if that is less.</summary>
    public static int Count(int pairs) => Math.Min(Usual, pairs);

    public static int FoldOf(int pair, int pairs, int folds)
    {
        var (size, longer) = Math.DivRem(pairs, folds);
        var inLonger = longer * (size + 1);
        return pair < inLonger ? pair / (size + 1) : longer + (pair - inLonger) / size;
    }
}
