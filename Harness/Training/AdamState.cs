using Ablation.Harness.Training.Checkpoints;
using TorchSharp.Modules;

namespace Ablation.Harness.Training;

/// <summary>
/// The state of torch's AdamW, for a checkpoint. TorchSharp's format has no checksum and no names, and reads at most 2 GiB per tensor.
/// </summary>
internal sealed class AdamState(AdamW adam)
{
    private readonly List<AdamW.State> states = [.. adam.state_dict().State.Cast<AdamW.State>()];

    /// <summary>Both moments of each parameter.</summary>
    public IEnumerable<NamedTensor> State => states.SelectMany((state, i) => (NamedTensor[])
    [
        new($"adam.{i}.mean", state.exp_avg),
        new($"adam.{i}.square", state.exp_avg_sq),
    ]);

    /// <summary>Steps that each parameter has taken.</summary>
    public IReadOnlyList<long> Steps
    {
        get => [.. states.Select(state => state.step)];
        set
        {
            for (var i = 0; i < states.Count; i++) states[i].step = value[i];
        }
    }
}
