using Ablation.Harness.Batches;
using Ablation.Harness.Faces;
using static TorchSharp.torch;

namespace Ablation.Harness.Provenance;

/// <summary>The resources that a trial runs on; none of them is part of the specification.</summary>
/// <param name="Data">The folder that data paths are relative to.</param>
/// <param name="Threads">Threads of libtorch and of the decoders.</param>
/// <param name="Cache">Cache of decoded training pictures on disk; null holds them in memory, per trial.</param>
/// <param name="MemoryLimit">Largest predicted memory of a training, bytes; a training that needs more uses gradient checkpointing or is
/// refused. Null for no limit.</param>
public sealed record TrialPlace(DataRoot Data, Device Device, int Threads, PixelCache? Cache = null, long? MemoryLimit = null)
{
    /// <summary>Kind of device as stored in checkpoints: cpu, cuda, mps.</summary>
    public string DeviceType => Device.type.ToString().ToLowerInvariant();
}
