using Ablation.Harness.Formats;
using Ablation.Harness.Networks;

namespace Ablation.Harness.Export;

/// <summary>A state dict as torch.save writes it: the weights alone.</summary>
public sealed class PthFormat : WeightFormat
{
    /// <inheritdoc/>
    public override string Name => "pth";

    /// <inheritdoc/>
    public override string UsualNames(ExportedNetwork network) =>
        network.Options is IResNetOptions ? ArcFaceTorchNames.Convention : OwnNames.Convention;

    /// <inheritdoc/>
    public override void Write(ExportedNetwork network, KeyNames names, Stream file) =>
        TorchSaveWriter.Write(file, network.Tensors(names));

    /// <inheritdoc/>
    public override string Check(ExportedNetwork network, KeyNames names, string path) => "TODO";
}
