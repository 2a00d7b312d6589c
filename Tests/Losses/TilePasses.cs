using Ablation.Tests.Native.Recording;

namespace Ablation.Tests.Losses;

/// <summary>
/// Counts what a kernel does to a tile of B x T values: products, and passes over it. A pass is an operation that reads or writes a whole
/// tile, a reduction too. Operations that move no values are none, nor are those on one value per sample.
/// </summary>
/// <param name="tileValues">B x T; every other tensor of the problem is smaller.</param>
internal sealed class TilePasses(long tileValues)
{
    private static readonly HashSet<string> Products = ["mm", "addmm", "addmm_"];

    // views, memory without values, and what reads or writes one value per sample
    private static readonly HashSet<string> Free =
    [
        "narrow", "slice", "as_strided", "t", "transpose", "expand", "view", "detach", "alias", "select", "unsqueeze", "squeeze",
        "_unsafe_view", "requires_grad_", "empty", "empty_like", "empty_strided", "new_empty_strided", "resolve_conj", "resolve_neg",
        "gather", "scatter_", "to",
    ];

    /// <summary>Counted apart, as k of them are a result and not a pass.</summary>
    private const string Largest = "topk";

    /// <summary>It reads a row for its sum, and reads and writes it again.</summary>
    private const string LogSoftmax = "_log_softmax";

    /// <summary>Products, passes and searches for the k largest, over all tiles.</summary>
    public (int Products, int Passes, int Searches) Count(IEnumerable<RecordedOperation> operations)
    {
        var sum = (Products: 0, Passes: 0, Searches: 0);
        foreach (var operation in operations)
        {
            var name = operation.Name[(operation.Name.LastIndexOf(':') + 1)..];
            var found = Products.Contains(name) ? default : Count(operation.Inner);
            if (found == default && operation.Tensors.Any(tensor => tensor.Values >= tileValues)) found = Of(name);
            sum = (sum.Products + found.Products, sum.Passes + found.Passes, sum.Searches + found.Searches);
        }

        return sum;
    }

    private static (int Products, int Passes, int Searches) Of(string name) =>
        Products.Contains(name) ? (1, 0, 0)
        : Free.Contains(name) ? default
        : name == Largest ? (0, 0, 1)
        : (0, name == LogSoftmax ? 2 : 1, 0);
}
