using Ablation.Harness.Embedding;
using Ablation.Losses.Kernels;
using static TorchSharp.torch;

namespace Ablation.Harness.Theory;

/// <summary>
/// Computes the products of rows with all rows of a matrix on the device, a few hundred rows at a time, and copies them to the host. On a
/// CPU they are summed in float64 and rounded once: libtorch's float32 products depend on memory alignment, and equal trials should have
/// equal figures.
/// </summary>
internal sealed class RowProducts : IDisposable
{
    private const int BlockRows = 256;
    private readonly Device device;
    private readonly EmbeddingMatrix rows;
    private readonly ScalarType type;
    private readonly Tensor columns; // D x M

    /// <param name="rows">N x D.</param>
    /// <param name="columns">M x D.</param>
    public RowProducts(EmbeddingMatrix rows, EmbeddingMatrix columns, Device device)
    {
        (this.rows, this.device, type) = (rows, device, CpuPath.IsTaken(device) ? ScalarType.Float64 : ScalarType.Float32);
        using var scope = NewDisposeScope();
        this.columns = tensor(columns.Values).view(columns.Rows, columns.Dimension).to(type, device).t().DetachFromDisposeScope();
    }

    /// <summary>Calls <paramref name="visit"/> with the number of each row and its M products, in order; the span is valid only during the
    /// call.</summary>
    public void ForEach(RowVisitor visit, CancellationToken cancel)
    {
        var width = (int)columns.shape[1];
        for (var first = 0; first < rows.Rows; first += BlockRows)
        {
            cancel.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var grad = no_grad();
            var count = Math.Min(BlockRows, rows.Rows - first);
            var block = tensor(rows.Values.AsSpan(first * rows.Dimension, count * rows.Dimension).ToArray()).view(count, rows.Dimension)
                .to(type, device);
            var products = block.matmul(columns).to(ScalarType.Float32).cpu().data<float>().ToArray();
            for (var i = 0; i < count; i++) visit(first + i, products.AsSpan(i * width, width));
        }
    }

    public void Dispose() => columns.Dispose();
}

/// <summary>Receives one row of products.</summary>
internal delegate void RowVisitor(int row, ReadOnlySpan<float> products);
