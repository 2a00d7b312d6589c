using Ablation.Experiments.Store;
using TorchSharp;

namespace Ablation.Experiments.Scheduling.Pool;

/// <summary>The process of one attempt at a trial, as its pool sees it.</summary>
public interface ITrialProcess : IDisposable
{
    /// <summary>
    /// Completes with the exit code when the process has ended and its output is read; on POSIX 128 + the signal that ended it.
    /// </summary>
    Task<int> Exit { get; }

    /// <summary>The last line that it wrote to its console, even if the disk was full; null before the first.</summary>
    string? LastLine { get; }

    /// <summary>Asks it to save a checkpoint and end with <see cref="TrialExit.Interrupted"/>.</summary>
    void RequestStop();

    /// <summary>Kills it and its child processes.</summary>
    void Kill();

    /// <summary>Returns its private memory, without mapped files; null if unknown.</summary>
    long? MemoryBytes();

    /// <summary>Returns its processor time; null if unknown.</summary>
    TimeSpan? ProcessorTime();
}

/// <summary>Starts trials; tests replace it by one that starts no process.</summary>
public interface ITrialStarter
{
    /// <exception cref="TrialStartException">The process cannot be started.</exception>
    ITrialProcess Start(string id, ResultStore store, ProcessSettings settings, PoolDevice device);
}

/// <summary>The device of a slot.</summary>
/// <param name="Name">Displayed name: cpu, cuda:1, ...</param>
/// <param name="Device">Device argument of the trial's process.</param>
/// <param name="Visible">Its CUDA_VISIBLE_DEVICES; null to inherit it.</param>
public sealed record PoolDevice(string Name, string Device, string? Visible = null)
{
    /// <summary>Resolves a requested device for a pool: "auto" and "cuda" are all visible GPUs, if any; "cuda:1" is that one.</summary>
    public static string Asked(string asked, torch.Device found) =>
        found.type == DeviceType.CUDA && (asked is "auto" or "cuda") ? "cuda" : found.ToString();

    /// <summary>Returns the devices that slots use in turn: all visible GPUs for "cuda", otherwise the given device.</summary>
    /// <param name="device">Result of <see cref="Asked"/>.</param>
    /// <param name="gpus">Visible CUDA devices.</param>
    /// <param name="visible">CUDA_VISIBLE_DEVICES of this process; null if not set.</param>
    public static IReadOnlyList<PoolDevice> List(string device, int gpus, string? visible)
    {
        if (device != "cuda" || gpus < 2) return [new PoolDevice(device, device)];
        var named = visible?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        return [.. Enumerable.Range(0, gpus)
            .Select(gpu => new PoolDevice($"cuda:{gpu}", "cuda", gpu < named.Length ? named[gpu] : $"{gpu}"))];
    }
}
