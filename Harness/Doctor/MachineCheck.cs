using System.Runtime.InteropServices;
using Ablation.Harness.Foundations;
using Ablation.Harness.Provenance;

namespace Ablation.Harness.Doctor;

/// <summary>The machine without its libraries: system, processor, memory, disk, sleep.</summary>
public sealed class MachineCheck : IDoctorCheck
{
    private const double LeastGigabytes = 2; // weights of one MobileFaceNet trial take 5 MB, of IResNet-50 170 MB

    public string Title => "Machine";

    public int Place => 10;

    public bool NeedsDevice => false;

    public IEnumerable<CheckLine> Run(DoctorSubject on, CancellationToken cancel)
    {
        yield return CheckLine.Ok("system", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}");
        yield return CheckLine.Ok("processor", Machine.Model);
        yield return CheckLine.Ok("memory", $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9:F1} GB for this process");
        yield return Disk(on.Folder);
        yield return SleepSettings.Line();
    }

    /// <summary>Checks the disk of the nearest folder that exists, and that a file can be written there.</summary>
    private static CheckLine Disk(string folder)
    {
        var existing = Path.GetFullPath(folder);
        while (!Directory.Exists(existing)) existing = Path.GetDirectoryName(existing) ?? throw new DirectoryNotFoundException(folder);
        var probe = Path.Combine(existing, $".ablation-doctor-{Environment.ProcessId}");
        try
        {
            File.WriteAllText(probe, "");
            PatientFile.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return CheckLine.Failed("disk", $"{existing}: {e.Message}", "choose another --results folder");
        }

        if (FreeDisk.Bytes(existing) is not { } bytes)
            return CheckLine.Absent("disk", $"a file can be written at {existing}, a network path whose free space is not known");
        var free = bytes / 1e9;
        return CheckLine.Within("disk", LeastGigabytes / free, 1, $"{free:F1} GB free at {existing}", $"{LeastGigabytes} GB or more",
            "free space, or choose another --results folder");
    }
}
