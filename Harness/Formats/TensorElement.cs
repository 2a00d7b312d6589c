namespace Ablation.Harness.Formats;

/// <summary>Element types of stored tensors, by the names of safetensors.</summary>
public enum TensorElement
{
    F64,
    F32,
    F16,
    BF16,
    I64,
    I32,
    I16,
    I8,
    U8,
    Bool,
}

/// <summary>Sizes and kinds of element types.</summary>
public static class TensorElements
{
    /// <summary>Bytes of one element.</summary>
    public static int Width(this TensorElement element) => element switch
    {
        TensorElement.F64 or TensorElement.I64 => 8,
        TensorElement.F32 or TensorElement.I32 => 4,
        TensorElement.F16 or TensorElement.BF16 or TensorElement.I16 => 2,
        _ => 1,
    };

    /// <summary>Whether it holds fractions.</summary>
    public static bool IsFloating(this TensorElement element) => element <= TensorElement.BF16;
}
