using Ablation.Harness.Native;
using TorchSharp;

namespace Ablation.Harness.Doctor;

/// <summary>The device that was asked for: whether it is there, and what it is.</summary>
public sealed class DeviceCheck : IDoctorCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public string Title => "Device";

    public int Place => 30;

    public bool NeedsDevice => false;

    public IEnumerable<CheckLine> Run(DoctorSubject on, CancellationToken cancel)
    {
        if (on.Found is not { } device)
        {
            yield return CheckLine.Failed("device", on.DeviceProblem ?? $"{on.Asked} was not found", "see README, GPU and You need");
            yield break;
        }

        yield return CheckLine.Ok("device", on.IsProcessor ? $"cpu, {on.Threads} threads; {Graphics()}" : device.ToString());
        if (device.type != DeviceType.CUDA) yield break;
        var card = GraphicsCard.Query(Math.Max(0, device.index));
        yield return card is null
            ? CheckLine.Absent("GPU", "nvidia-smi did not answer, or left open which card it is", "install NVIDIA's driver")
            : CheckLine.Ok("GPU", $"{card.Name}, driver {card.Driver}");
        if (card is not null && Memory(card) is { } memory) yield return CheckLine.Ok("memory of the GPU", memory);
        yield return DeterministicDevice.Prepare(device) is { } missing
            ? CheckLine.Note("determinism", missing)
            : CheckLine.Ok("determinism", "every switch is set");
        yield return DeviceMemory.Problem(device) is { } problem
            ? CheckLine.Absent("memory statistics", problem)
            : CheckLine.Ok("memory statistics", $"{DeviceMemory.Read(device)!.Value.Reserved >> 20} MiB reserved by this process");
    }

    /// <summary>Says on a processor whether there would be a GPU.</summary>
    private static string Graphics() => GraphicsCard.Query(0) is { } card
        ? $"there is {card.Name}, driver {card.Driver}, which this build or --device does not use" : "no NVIDIA driver found";

    private static string? Memory(GraphicsCard card) =>
        ToolOutput.Run("nvidia-smi", ["--query-gpu=memory.total,memory.used", "--format=csv,noheader", "-i", card.Uuid], Patience)
            ?.Split(',', StringSplitOptions.TrimEntries) is [var total, var used] ? $"{total}, {used} in use" : null;
}
