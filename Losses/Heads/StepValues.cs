using static TorchSharp.torch;

namespace Ablation.Losses.Heads;

/// <summary>
/// Collects values of a step's images over its micro-batches, for a loss that moves its state once per step: then the state does not
/// depend on how the step is divided. Empty between steps, so no checkpoint needs it.
/// </summary>
public sealed class StepValues : IDisposable
{
    private readonly List<Tensor> parts = [];

    /// <summary>Adds those of a pass, B. Returns those of the whole step after its last pass, in the order of the images; else
    /// null.</summary>
    /// <param name="passes">Of a step.</param>
    public Tensor? Add(Tensor values, int passes)
    {
        parts.Add(values.detach().clone().DetachFromDisposeScope());
        if (parts.Count < passes) return null;
        var whole = cat([.. parts], 0);
        Dispose();
        return whole;
    }

    public void Dispose()
    {
        foreach (var part in parts) part.Dispose();
        parts.Clear();
    }
}
