using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace Ablation.Harness.Native;

/// <summary>Finds the device that a run asks for: auto, cpu, cuda, cuda:N or mps.</summary>
public static class Devices
{
    private const string Build =
        "this build or machine has none; build with -p:Torch=cuda (the default on Windows) where an NVIDIA GPU and its driver are " +
        "installed, or use --device cpu";

    /// <summary>"auto" is the first CUDA device, else Apple's GPU, else the CPU.</summary>
    /// <exception cref="MissingDeviceException">This machine or build does not have the device.</exception>
    /// <exception cref="ArgumentException">The name is unknown.</exception>
    public static Device Find(string name)
    {
        switch (name)
        {
            case "auto":
                return cuda.is_available() ? new Device(DeviceType.CUDA, 0) : mps_is_available() ? new Device(DeviceType.MPS) : CPU;
            case "cpu":
                return CPU;
            case "mps":
                return mps_is_available()
                    ? new Device(DeviceType.MPS)
                    : throw new MissingDeviceException("--device mps: this machine has no Metal GPU; use --device cpu");
        }

        var index = 0;
        if (name != "cuda"
            && !(name.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(name[5..], NumberStyles.None, null, out index)))
            throw new ArgumentException($"--device {name}: not known; use auto, cpu, cuda, cuda:N or mps");
        if (!cuda.is_available()) throw new MissingDeviceException($"--device {name}: no CUDA device is available; {Build}");
        if (index >= cuda.device_count())
            throw new MissingDeviceException(
                $"--device {name}: there are {cuda.device_count()} CUDA devices, cuda:0 to cuda:{cuda.device_count() - 1}");
        return new Device(DeviceType.CUDA, index);
    }
}

/// <summary>The requested device exists, but not on this machine or in this build.</summary>
public sealed class MissingDeviceException(string message) : ArgumentException(message);
