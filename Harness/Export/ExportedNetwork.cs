using Ablation.Harness.Export.Layers;
using Ablation.Harness.Formats;
using Ablation.Harness.Networks;

namespace Ablation.Harness.Export;

/// <summary>A trained network and what a file says of it.</summary>
/// <param name="Network">On the CPU, with its weights.</param>
/// <param name="Facts">What a receiver must know: see <see cref="TrialFacts"/>.</param>
public sealed record ExportedNetwork(Backbone Network, BackboneOptions Options, int Resolution,
    IReadOnlyList<KeyValuePair<string, string>> Facts)
{
    /// <summary>Lists parameters and buffers, renamed.</summary>
    internal IReadOnlyList<WrittenTensor> Tensors(FileNames names) =>
        [.. Network.state_dict().Select(one => TensorValues.Of(names[one.Key], one.Value))];
}
