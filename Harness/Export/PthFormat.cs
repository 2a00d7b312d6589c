using Ablation.Harness.Formats;

namespace Ablation.Harness.Export;

/// <summary>A state dict as torch.save writes it: the weights alone.</summary>
public sealed class PthFormat : WeightFormat
{
    /// <inheritdoc/>
    public override string Name => "pth";

    /// <inheritdoc/>
    public override bool HoldsFacts => false;

    /// <inheritdoc/>
    public override FileNames UsualNames(ExportedNetwork network) => FileNames.OfTheField(network);

    /// <inheritdoc/>
    public override void Write(ExportedNetwork network, FileNames names, Stream file) =>
        TorchSaveWriter.Write(file, network.Tensors(names));

    /// <inheritdoc/>
    public override string Check(ExportedNetwork network, FileNames names, string path) =>
        WeightCheck.Compare(network, names, path);
}
