using Ablation.Harness.Data;
using static TorchSharp.torch;

namespace Ablation.Harness.Training;

/// <summary>
/// The losses between two looks. They stay on the device, which is read at the look alone; then it can still be told which
/// step's loss was the first that is no number, and what images it saw.
/// </summary>
internal sealed class LossWindow : IDisposable
{
    private readonly Tensor sum;
    private readonly Tensor steps; // one value a step
    private readonly List<int>[] images;

    /// <param name="length">Steps between two looks, at most.</param>
    public LossWindow(Device device, int length)
    {
        sum = zeros(1, ScalarType.Float32, device).DetachFromDisposeScope();
        steps = zeros(length, ScalarType.Float32, device).DetachFromDisposeScope();
        images = [.. Enumerable.Range(0, length).Select(_ => new List<int>())];
    }

    /// <summary>Adds a micro-batch's share of the loss of step <paramref name="at"/>, counted from the last look.</summary>
    public void Add(int at, Tensor share, Batch batch)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        sum.add_(share);
        steps.narrow(0, at, 1).add_(share);
        images[at].AddRange(batch.Indices.AsSpan(0, batch.Count));
    }

    /// <summary>Mean of the first <paramref name="count"/> steps. Waits for the device.</summary>
    public float Mean(int count) => sum.item<float>() / count;

    /// <summary>The first step whose loss is no number, its loss and its images.</summary>
    public (int At, float Loss, IReadOnlyList<int> Images) FirstBad(int count)
    {
        using var onHost = steps.cpu();
        var values = onHost.data<float>().ToArray();
        var at = Array.FindIndex(values, 0, count, value => !float.IsFinite(value));
        return at >= 0 ? (at, values[at], images[at]) : (count - 1, float.NaN, images[count - 1]); // finite ones can sum to infinity
    }

    public void Clear()
    {
        using var scope = NewDisposeScope();
        sum.zero_();
        steps.zero_();
        foreach (var step in images) step.Clear();
    }

    public void Dispose()
    {
        sum.Dispose();
        steps.Dispose();
    }
}
