using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Losses.Kernels.Fused;

/// <summary>A <see cref="SumTerm"/> for sixteen cosines at once.</summary>
internal interface IVectorTerm
{
    /// <summary>The value, and its derivative by the shift.</summary>
    (Vector512<float> Value, Vector512<float> ByShift) Value(Vector512<float> cosine);

    /// <summary>The derivative by the cosine.</summary>
    Vector512<float> Slope(Vector512<float> cosine);
}

/// <summary><see cref="SquareTerm"/>.</summary>
internal readonly struct VectorSquare : IVectorTerm
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (Vector512<float> Value, Vector512<float> ByShift) Value(Vector512<float> cosine) => (cosine * cosine, default);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Slope(Vector512<float> cosine) => cosine + cosine;
}

/// <summary><see cref="SoftplusTerm"/> with a whole exponent.</summary>
internal readonly struct VectorSoftplus(float scale, float offset, int curve, bool detached) : IVectorTerm
{
    /// <param name="shift">1, on the CPU; read now.</param>
    public static VectorSoftplus Of(SoftplusTerm term, Tensor? shift) => new((float)term.Scale,
        (float)(term.Offset + (shift?.data<float>()[0] ?? 0)), (int)term.Curve, term.IsDetached || term.Curve == 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (Vector512<float> Value, Vector512<float> ByShift) Value(Vector512<float> cosine)
    {
        var z = Argument(cosine);
        var e = VectorExp.Exp(-Vector512.Abs(z));
        return (Vector512.MaxNative(Vector512<float>.Zero, z) + LogOnePlus(e), Sigmoid(z, e));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Slope(Vector512<float> cosine)
    {
        var z = Argument(cosine);
        var slope = Sigmoid(z, VectorExp.Exp(-Vector512.Abs(z))) * Vector512.Create(scale);
        return detached ? slope : slope * Vector512.Create((float)curve) * Power(cosine, curve - 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<float> Argument(Vector512<float> cosine)
    {
        var curved = curve == 1 ? cosine : Vector512.Create(2f) * Power(cosine, curve) - Vector512<float>.One;
        return Vector512.FusedMultiplyAdd(curved, Vector512.Create(scale), Vector512.Create(offset));
    }

    /// <summary>((c+1)/2)^n.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Power(Vector512<float> cosine, int n)
    {
        var root = (cosine + Vector512<float>.One) * Vector512.Create(0.5f);
        var power = Vector512<float>.One;
        for (var i = 0; i < n; i++) power *= root;
        return power;
    }

    /// <summary>1 / (1 + e^-z) from e^-|z|.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Sigmoid(Vector512<float> z, Vector512<float> e) =>
        Vector512.ConditionalSelect(Vector512.LessThan(z, Vector512<float>.Zero), e, Vector512<float>.One) / (Vector512<float>.One + e);

    /// <summary>
    /// log(1 + e) for e from 0 to 1, to a unit in the last place: 2 artanh(s) with s = e / (2 + e), at most 1/3, by its series up to s^15.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> LogOnePlus(Vector512<float> e)
    {
        var s = e / (e + Vector512.Create(2f));
        var square = s * s;
        var p = Vector512.Create(2f / 15);
        p = Vector512.FusedMultiplyAdd(p, square, Vector512.Create(2f / 13));
        p = Vector512.FusedMultiplyAdd(p, square, Vector512.Create(2f / 11));
        p = Vector512.FusedMultiplyAdd(p, square, Vector512.Create(2f / 9));
        p = Vector512.FusedMultiplyAdd(p, square, Vector512.Create(2f / 7));
        p = Vector512.FusedMultiplyAdd(p, square, Vector512.Create(2f / 5));
        p = Vector512.FusedMultiplyAdd(p, square, Vector512.Create(2f / 3));
        return s * Vector512.FusedMultiplyAdd(p, square, Vector512.Create(2f));
    }
}
