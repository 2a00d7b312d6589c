using Ablation.Harness.Formats;

namespace Ablation.Harness.Export;

/// <summary>safetensors: the weights and the facts.</summary>
public sealed class SafetensorsFormat : WeightFormat
{
    /// <inheritdoc/>
    public override string Name => "safetensors";

    /// <inheritdoc/>
    public override void Write(ExportedNetwork network, FileNames names, Stream file) =>
        SafetensorsWriter.Write(file, network.Tensors(names), network.Facts);

    /// <inheritdoc/>
    public override string Check(ExportedNetwork network, FileNames names, string path) =>
        WeightCheck.Compare(network, names, path);
}
