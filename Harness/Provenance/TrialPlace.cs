using Ablation.Harness.Batches;
using Ablation.Harness.Faces;
using static TorchSharp.torch;

namespace Ablation.Harness.Provenance;

/// <summary>What a trial runs on; none of it changes the specification.</summary>
/// <param name="Data">The folder of relative data paths.</param>
/// <param name="Threads">Of libtorch, and of the decoders.</param>
/// <param name="Cache">Where decoded training pictures are kept on disk; null keeps them in memory, trial by trial.</param>
/// <param name="MemoryLimit">Bytes that a training may take, as predicted; one that needs more is checkpointed or refused. Null for no
/// limit.</param>
public sealed record TrialPlace(DataRoot Data, Device Device, int Threads, PixelCache? Cache = null, long? MemoryLimit = null)
{
    /// <summary>Kind of device as checkpoints store it: cpu, cuda, mps.</summary>
    public string DeviceType => Device.type.ToString().ToLowerInvariant();
}
