using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Ablation.Losses.Heads;

namespace Ablation.Losses.Kernels.Fused;

/// <summary><see cref="PiecewiseLogits"/> for sixteen cosines at once, without their offset.</summary>
internal readonly struct VectorPieces(float easy, float square, float line, float root, bool clamped, bool detached)
{
    /// <param name="map">Its moving factor is on the CPU, and read now.</param>
    public static VectorPieces Of(PiecewiseLogits map) => new((float)map.Easy, (float)map.Square,
        (float)(map.Line * (map.MovingLine?.data<float>()[0] ?? 1)), (float)map.Root, map.Threshold is null, map.IsDetached);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Value(Vector512<float> cosine, Vector512<float> threshold) =>
        Factor(cosine, threshold) * (cosine - Vector512.Create(root));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (Vector512<float> Value, Vector512<float> Slope) WithSlope(Vector512<float> cosine, Vector512<float> threshold)
    {
        var factor = Factor(cosine, threshold);
        var distance = cosine - Vector512.Create(root);
        if (detached || square == 0) return (factor * distance, factor);
        var isHard = clamped ? Vector512.GreaterThan(factor, Vector512<float>.Zero) : Vector512.GreaterThan(cosine, threshold);
        return (factor * distance, factor + (isHard & (distance * Vector512.Create(square))));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<float> Factor(Vector512<float> cosine, Vector512<float> threshold)
    {
        var hard = Vector512.FusedMultiplyAdd(cosine, Vector512.Create(square), Vector512.Create(line));
        return clamped ? Vector512.MaxNative(Vector512<float>.Zero, hard) // of a NaN the second operand is taken
            : Vector512.ConditionalSelect(Vector512.GreaterThan(cosine, threshold), hard, Vector512.Create(easy));
    }
}
