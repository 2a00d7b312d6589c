using Ablation.Harness.Export.Layers;
using Ablation.Harness.Formats;

namespace Ablation.Harness.Export;

/// <summary>ONNX: the network as a graph, for any runtime.</summary>
public sealed class OnnxFormat : WeightFormat
{
    /// <inheritdoc/>
    public override string Name => "onnx";

    /// <summary>The kinds of layers; null for all that are found.</summary>
    internal IReadOnlyDictionary<Type, LayerGraph>? Kinds { get; init; }

    /// <inheritdoc/>
    public override void Write(ExportedNetwork network, FileNames names, Stream file)
    {
        var graph = OnnxGraph.Of(network.Network, own => names[own], Kinds);
        new OnnxFile(graph.Nodes, [.. graph.Weights], network.Facts)
        {
            InputShape = [3, network.Resolution, network.Resolution],
            OutputShape = [network.Options.EmbeddingDimension],
            Producer = ("ablation", TrialFacts.ProgramVersion),
        }.Write(file);
    }

    /// <inheritdoc/>
    public override string Check(ExportedNetwork network, FileNames names, string path)
    {
        var (difference, batch) = OnnxCheck.Compare(path, network.Network, network.Resolution);
        return difference <= OnnxCheck.Tolerance
            ? $"ONNX Runtime's embeddings differ from the network's by at most {difference:0.0E-0} of an embedding's largest value"
            : throw new InvalidDataException(
                $"ONNX Runtime's embeddings of the file differ from the network's by {difference:0.0E-0} of an embedding's largest " +
                $"value, at batch {batch}, where {OnnxCheck.Tolerance:0E-0} is allowed: it was not kept; report it, with the network");
    }
}
