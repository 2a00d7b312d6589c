using Ablation.Harness.Foundations;
using Ablation.Harness.Weights;
using static TorchSharp.torch;

namespace Ablation.Harness.Export;

/// <summary>Reads a file of weights back, as an import does, and compares it with the network.</summary>
internal static class WeightCheck
{
    /// <returns>What was compared, in one line.</returns>
    /// <exception cref="InvalidDataException">A tensor is missing or differs in a bit, or there is one too many.</exception>
    public static string Compare(ExportedNetwork network, FileNames names, string path)
    {
        try
        {
            using var file = TensorSet.Open(path);
            using var scope = NewDisposeScope();
            var expected = network.Network.state_dict();
            foreach (var (own, values) in expected)
            {
                if (file.Find(names[own]) is null) throw new InvalidDataException($"{names[own]} is not in it: the file was not kept");
                if (!IsSame(file.Read(names[own]), values))
                    throw new InvalidDataException($"{names[own]} ({own}) was read back with other values: the file was not kept");
            }

            return file.Tensors.Count == expected.Count
                ? $"{expected.Count} tensors were read back, equal to the bit"
                : throw new InvalidDataException(
                    $"{file.Tensors.Count} tensors were read back, not {expected.Count}: the file was not kept");
        }
        catch (DataProblem e)
        {
            throw new InvalidDataException($"it could not be read back ({e.Message}): the file was not kept", e);
        }
    }

    /// <summary>Whether type, shape and bits agree: a NaN equals itself, and -0 is not 0.</summary>
    private static bool IsSame(Tensor read, Tensor values)
    {
        if (read.dtype != values.dtype || !read.shape.SequenceEqual(values.shape)) return false;
        using var plain = values.detach().contiguous();
        return read.bytes.SequenceEqual(plain.bytes);
    }
}
