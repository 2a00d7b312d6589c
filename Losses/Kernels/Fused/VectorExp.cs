using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ablation.Losses.Kernels.Fused;

/// <summary>exp of sixteen float32 not above 88, for sums of exponentials.</summary>
internal static class VectorExp
{
    // e^-64 = 2e-28 counts as 0: it vanishes beside a largest term of 1, and its products would be denormal
    private const float Smallest = -64;
    private const float Shifter = 12582912; // 1.5 * 2^23: adding it rounds to a whole number in the low bits

    /// <summary>
    /// Returns e^x to 2 units in the last place, 0 below -64, NaN for NaN. x = n ln 2 + r with |r| up to ln 2 / 2, the polynomial for e^r
    /// is that of the Cephes library's expf (S. Moshier), and 2^n goes straight into the exponent.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x)
    {
        var vanishes = Vector512.LessThan(x, Vector512.Create(Smallest)); // false for NaN
        x = Vector512.ConditionalSelect(vanishes, Vector512<float>.Zero, x);
        var shifted = Vector512.FusedMultiplyAdd(x, Vector512.Create(1.44269504088896341f), Vector512.Create(Shifter));
        var n = shifted - Vector512.Create(Shifter);
        var r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-0.693359375f), x);
        r = Vector512.FusedMultiplyAdd(n, Vector512.Create(2.12194440e-4f), r);
        var p = Vector512.FusedMultiplyAdd(Vector512.Create(1.9875691500e-4f), r, Vector512.Create(1.3981999507e-3f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(8.3334519073e-3f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(4.1665795894e-2f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1.6666665459e-1f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(5.0000001201e-1f));
        p = Vector512.FusedMultiplyAdd(p, r * r, r + Vector512<float>.One);
        return Vector512.AndNot((p.AsInt32() + Vector512.ShiftLeft(shifted.AsInt32(), 23)).AsSingle(), vanishes);
    }
}
