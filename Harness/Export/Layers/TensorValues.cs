using Ablation.Harness.Formats;
using Ablation.Harness.Training.Checkpoints;
using static TorchSharp.torch;

namespace Ablation.Harness.Export.Layers;

/// <summary>Hands the values of tensors to a writer of files, piece by piece.</summary>
internal static class TensorValues
{
    /// <exception cref="ArgumentException">The file formats' writers do not know its type.</exception>
    public static WrittenTensor Of(string name, Tensor values)
    {
        var kind = values.dtype switch
        {
            ScalarType.Float32 => WrittenKind.Float32,
            ScalarType.Int64 => WrittenKind.Int64,
            var other => throw new ArgumentException($"{name}: values of type {other} cannot be exported; only Float32 and Int64 are"),
        };
        return new WrittenTensor(name, kind, [.. values.shape], put => TensorBytes.Write(values, bytes => put(bytes)));
    }
}
