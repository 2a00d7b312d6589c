using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ablation.Harness.Kernels;

/// <summary>How the values of a map are stored, sixteen at a time; kernels compute in float32.</summary>
internal unsafe interface IMapValues
{
    /// <summary>Bytes per value.</summary>
    static abstract int Bytes { get; }

    static abstract Vector512<float> Load(byte* map, nint index);

    static abstract void Store(Vector512<float> values, byte* map, nint index);
}

internal readonly unsafe struct Float32Values : IMapValues
{
    public static int Bytes => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(byte* map, nint index) => Vector512.Load((float*)map + index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> values, byte* map, nint index) => values.Store((float*)map + index);
}

/// <summary>bfloat16, the upper half of a float32; rounded to nearest, ties to even, as in libtorch.</summary>
internal readonly unsafe struct BFloat16Values : IMapValues
{
    public static int Bytes => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(byte* map, nint index)
    {
        var half = Vector256.Load((ushort*)map + index);
        if (Avx512F.IsSupported) return Vector512.ShiftLeft(Avx512F.ConvertToVector512UInt32(half), 16).AsSingle();
        var (low, high) = Vector256.Widen(half);
        return Vector512.ShiftLeft(Vector512.Create(low, high), 16).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> values, byte* map, nint index)
    {
        var bits = values.AsUInt32();
        var odd = Vector512.ShiftRightLogical(bits, 16) & Vector512<uint>.One;
        var rounded = Vector512.ShiftRightLogical(bits + odd + Vector512.Create(0x7fffu), 16);
        // NaN must not round to infinity
        rounded = Vector512.ConditionalSelect(Vector512.Equals(values, values).AsUInt32(), rounded, Vector512.Create(0x7fc0u));
        if (Avx512F.IsSupported) Avx512F.ConvertToVector256UInt16(rounded).Store((ushort*)map + index);
        else Vector256.Narrow(rounded.GetLower(), rounded.GetUpper()).Store((ushort*)map + index);
    }
}
