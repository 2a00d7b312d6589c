using Ablation.Experiments.Store;
using TorchSharp;

namespace Ablation.Experiments.Scheduling.Pool;

/// <summary>The process of one attempt at a trial, seen from its pool.</summary>
public interface ITrialProcess : IDisposable
{
    /// <summary>
    /// Completes when the process and all it has written are through; its exit code, 128 + the signal that ended it on POSIX.
    /// </summary>
    Task<int> Exit { get; }

    /// <summary>The last line that it wrote to its console, also where the disk had no room for it; null before the first.</summary>
    string? LastLine { get; }

    /// <summary>Asks it to save a checkpoint and end with <see cref="TrialExit.Interrupted"/>.</summary>
    void RequestStop();

    /// <summary>Ends it and whatever it has started, at once.</summary>
    void Kill();

    /// <summary>Memory of its own, without files that it maps; null where that is unknown.</summary>
    long? MemoryBytes();

    /// <summary>Processor time that it has used; null where that is unknown.</summary>
    TimeSpan? ProcessorTime();
}

/// <summary>Starts trials; the tests have one that starts no process.</summary>
public interface ITrialStarter
{
    /// <exception cref="TrialStartException">The process cannot be started.</exception>
    ITrialProcess Start(string id, ResultStore store, ProcessSettings settings, PoolDevice device);
}

/// <summary>Where the trials of a slot compute.</summary>
/// <param name="Name">For people: cpu, cuda:1, ...</param>
/// <param name="Device">What the trial's process is given.</param>
/// <param name="Visible">Its CUDA_VISIBLE_DEVICES; null to leave that as it is.</param>
public sealed record PoolDevice(string Name, string Device, string? Visible = null)
{
    /// <summary>The device as a pool means it: "auto" and "cuda" are every visible GPU where there is one, "cuda:1" is that one.</summary>
    public static string Asked(string asked, torch.Device found) =>
        found.type == DeviceType.CUDA && (asked is "auto" or "cuda") ? "cuda" : found.ToString();

    /// <summary>The devices of the slots, in turn: every visible GPU for "cuda", else the one device.</summary>
    /// <param name="device">Of <see cref="Asked"/>.</param>
    /// <param name="gpus">Visible CUDA devices.</param>
    /// <param name="visible">CUDA_VISIBLE_DEVICES of this process; null where it is not set.</param>
    public static IReadOnlyList<PoolDevice> List(string device, int gpus, string? visible)
    {
        if (device != "cuda" || gpus < 2) return [new PoolDevice(device, device)];
        var named = visible?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        return [.. Enumerable.Range(0, gpus)
            .Select(gpu => new PoolDevice($"cuda:{gpu}", "cuda", gpu < named.Length ? named[gpu] : $"{gpu}"))];
    }
}
