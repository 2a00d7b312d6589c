using Ablation.Harness.Training.Checkpoints;
using static TorchSharp.torch;

namespace Ablation.Harness.Training;

/// <summary>
/// The losses between two log points. They stay on the device, which is read only at log points; the first step with a NaN or infinite
/// loss, and its images, can then still be found.
/// </summary>
internal sealed class LossWindow : IDisposable
{
    private readonly Tensor sum;
    private readonly Tensor steps; // one value per step
    private readonly List<int>[] images;

    /// <param name="length">The largest number of steps between two log points.</param>
    public LossWindow(Device device, int length)
    {
        sum = zeros(1, ScalarType.Float32, device).DetachFromDisposeScope();
        steps = zeros(length, ScalarType.Float32, device).DetachFromDisposeScope();
        images = [.. Enumerable.Range(0, length).Select(_ => new List<int>())];
    }

    /// <summary>The tensors for a checkpoint, which also needs <see cref="Images"/>.</summary>
    public IEnumerable<NamedTensor> State => [new("window.sum", sum), new("window.steps", steps)];

    /// <summary>Returns the indices of the images of the first <paramref name="count"/> steps.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Images(int count) => [.. images.Take(count).Select(step => step.ToArray())];

    /// <summary>Restores what <see cref="Images"/> returned.</summary>
    public void Restore(IReadOnlyList<IReadOnlyList<int>> window)
    {
        for (var at = 0; at < window.Count; at++) images[at].AddRange(window[at]);
    }

    /// <summary>Adds the share of some images in the loss of step <paramref name="at"/>, counted from the last log point.</summary>
    public void Add(int at, Tensor share, ReadOnlySpan<int> indices)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        sum.add_(share);
        steps.narrow(0, at, 1).add_(share);
        images[at].AddRange(indices);
    }

    /// <summary>Returns the mean of the first <paramref name="count"/> steps. Waits for the device.</summary>
    public float Mean(int count) => sum.item<float>() / count;

    /// <summary>Finds the first step with a NaN or infinite loss, its loss and its images.</summary>
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
