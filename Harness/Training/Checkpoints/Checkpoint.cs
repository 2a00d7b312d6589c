using static TorchSharp.torch;

namespace Ablation.Harness.Training.Checkpoints;

/// <summary>A checkpoint whose checksum was verified. Its tensors are read on demand.</summary>
public sealed class Checkpoint
{
    private readonly long dataStart;

    private Checkpoint(string path, CheckpointHeader header, long dataStart) => (Path, Header, this.dataStart) = (path, header, dataStart);

    public string Path { get; }

    public CheckpointHeader Header { get; }

    /// <summary>Opens a file after verifying its checksum.</summary>
    /// <exception cref="InvalidDataException">It is truncated, damaged, or no checkpoint of this version.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Checkpoint Open(string path)
    {
        var (header, dataStart) = CheckpointFile.Open(path);
        return new Checkpoint(path, header, dataStart);
    }

    /// <summary>Copies stored weights and statistics into a network or a loss with the same options.</summary>
    /// <param name="prefix">"backbone" or "loss".</param>
    /// <exception cref="InvalidDataException">The tensors do not match.</exception>
    public void CopyTo(nn.Module module, string prefix)
    {
        var tensors = List(module, prefix);
        if (Mismatch(tensors) is { } misfit) throw new InvalidDataException($"{Path}: {misfit}");
        CopyTo(tensors);
    }

    /// <summary>Lists the parameters and buffers of a module by their names in a checkpoint.</summary>
    internal static List<NamedTensor> List(nn.Module module, string prefix) =>
    [
        .. module.named_parameters().Select(one => new NamedTensor($"{prefix}.{one.name}", one.parameter)),
        .. module.named_buffers().Select(one => new NamedTensor($"{prefix}.{one.name}", one.buffer)),
    ];

    /// <summary>
    /// Describes the first of <paramref name="tensors"/> that the file lacks, or has with another type or shape; null if all match.
    /// </summary>
    internal string? Mismatch(IEnumerable<NamedTensor> tensors)
    {
        var stored = Header.Tensors.ToDictionary(tensor => tensor.Name);
        foreach (var (name, values) in tensors)
        {
            if (!stored.TryGetValue(name, out var one)) return $"{name} is not in it";
            if (one.Type != values.dtype || !one.Shape.SequenceEqual(values.shape))
                return $"{name} is {one.Type} [{string.Join(", ", one.Shape)}] in it, and {values.dtype} " +
                    $"[{string.Join(", ", values.shape)}] here";
        }

        return null;
    }

    /// <summary>Fills matching tensors in place.</summary>
    internal void CopyTo(IEnumerable<NamedTensor> tensors, long chunk = TensorBytes.Chunk)
    {
        using var file = File.OpenRead(Path);
        var stored = Header.Tensors.ToDictionary(tensor => tensor.Name);
        foreach (var (name, values) in tensors)
        {
            file.Position = dataStart + stored[name].Offset;
            TensorBytes.Read(values, file.ReadExactly, chunk);
        }
    }
}
