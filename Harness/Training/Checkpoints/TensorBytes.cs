using System.Security.Cryptography;
using static TorchSharp.torch;

namespace Ablation.Harness.Training.Checkpoints;

/// <summary>
/// Reads and writes the values of a tensor as bytes in logical order, in pieces: TorchSharp accesses at most 2 GiB of a tensor, and a
/// device is copied piece by piece.
/// </summary>
internal static class TensorBytes
{
    public const long Chunk = 64 << 20;

    /// <summary>Returns the size of a tensor in a file, in bytes.</summary>
    public static long Size(Tensor values) => values.numel() * values.ElementSize;

    /// <summary>Passes all bytes to <paramref name="put"/>, at most <paramref name="chunk"/> at once (but at least one value).</summary>
    public static void Write(Tensor values, Action<ReadOnlySpan<byte>> put, long chunk = Chunk)
    {
        using var grad = no_grad();
        Walk(values.detach(), chunk, part =>
        {
            using var onHost = part.cpu();
            using var host = onHost.contiguous();
            put(host.bytes);
        });
    }

    /// <summary>Fills the tensor by <paramref name="fill"/>, in place, which keeps its layout in memory.</summary>
    public static void Read(Tensor values, Action<Span<byte>> fill, long chunk = Chunk)
    {
        using var grad = no_grad();
        Walk(values.detach(), chunk, part =>
        {
            using var host = empty(part.shape, part.dtype, CPU);
            fill(host.bytes);
            part.copy_(host);
        });
    }

    /// <summary>Computes the SHA-256 of the values of all tensors, in hexadecimal digits.</summary>
    public static string Hash(IEnumerable<NamedTensor> tensors)
    {
        using var scope = NewDisposeScope();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (_, values) in tensors) Write(values, bytes => hash.AppendData(bytes));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Visits blocks of rows; splits a row that is too large in the same way.</summary>
    private static void Walk(Tensor values, long chunk, Action<Tensor> visit)
    {
        using var scope = NewDisposeScope();
        if (values.numel() == 0) return;
        if (values.dim() == 0 || Size(values) <= chunk)
        {
            visit(values);
            return;
        }

        var rows = values.shape[0];
        var rowBytes = Size(values) / rows;
        var step = Math.Max(1, chunk / rowBytes);
        for (long row = 0; row < rows; row += step)
        {
            using var part = rowBytes > chunk ? values.select(0, row) : values.narrow(0, row, Math.Min(step, rows - row));
            if (rowBytes > chunk) Walk(part, chunk, visit);
            else visit(part);
        }
    }
}
