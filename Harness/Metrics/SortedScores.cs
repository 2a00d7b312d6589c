namespace Ablation.Harness.Metrics;

/// <summary>
/// Sorts distances and truths of pairs together by rising distance, for figures that do not need to know which pair it was. A pair is one
/// number of 32 bits, so sixteen million of them are sorted without an index.
/// </summary>
internal static class SortedScores
{
    private const uint Zero = 0x3A840000; // above the bits of 0.001, the most by which rounding may take a distance below 0

    /// <summary>Returns keys by rising distance, in any order for equal distances. The scores must have been checked.</summary>
    public static uint[] Sort(PairScores scores)
    {
        var keys = GC.AllocateUninitializedArray<uint>(scores.SquaredDistance.Length);
        for (var i = 0; i < keys.Length; i++) keys[i] = Key(scores.SquaredDistance[i]) << 1 | (scores.Same[i] ? 1u : 0);
        return RadixSort.Sort(keys, 0);
    }

    /// <summary>Returns a number that is equal for equal distances, and rises with them.</summary>
    public static uint DistanceOf(uint key) => key >> 1;

    public static bool IsSame(uint key) => (key & 1) != 0;

    /// <summary>
    /// Returns 31 bits that rise with a checked distance. The bits of a float rise with its value on either side of 0, and end at those of
    /// 4.001.
    /// </summary>
    internal static uint Key(float distance)
    {
        var bits = BitConverter.SingleToUInt32Bits(distance + 0f); // -0 is 0
        return distance < 0 ? Zero - (bits & 0x7fffffff) : Zero + bits;
    }
}
