using TorchSharp;

namespace Ablation.Experiments.Scheduling;

/// <summary>How many trials run at once, and with how many threads each.</summary>
/// <param name="Jobs">Trials at once, at least 1.</param>
/// <param name="ThreadsPerJob">Of libtorch and the decoders of one trial, at least 1.</param>
public sealed record PoolShape(int Jobs, int ThreadsPerJob)
{
    /// <summary>The share of the machine's memory that a choice fills at most.</summary>
    public const double MemoryShare = 0.8;

    /// <summary>
    /// On a processor one-thread trials side by side finish more than one after another on all cores (docs/scale.md); on CUDA one job per
    /// GPU. The choice depends on suite and machine alone, never on what is finished: the number of threads can change a result's last
    /// bits.
    /// </summary>
    /// <param name="trials">Of the whole suite, finished ones included.</param>
    /// <param name="jobBytes">Memory predicted for the largest trial of the suite; null where it is not known, and then it limits
    /// nothing.</param>
    /// <param name="jobs">Asked for; 0 to choose. What is asked for is not lowered.</param>
    /// <param name="threadsPerJob">Asked for; 0 to choose.</param>
    /// <exception cref="ArgumentException">A number asked for is negative.</exception>
    public static PoolShape Choose(DeviceType device, PoolMachine machine, int trials, long? jobBytes, int jobs = 0, int threadsPerJob = 0)
    {
        if (jobs < 0) throw new ArgumentException($"--jobs {jobs}: must be 1 or more, or 0 to choose");
        if (threadsPerJob < 0) throw new ArgumentException($"--threads-per-job {threadsPerJob}: must be 1 or more, or 0 to choose");
        var most = Math.Max(1, trials);
        if (device != DeviceType.CPU)
        {
            var gpus = device == DeviceType.CUDA ? Math.Max(1, machine.Gpus) : 1;
            return new PoolShape(jobs > 0
                ? jobs : Math.Min(gpus, most), threadsPerJob > 0 ? threadsPerJob : Math.Max(1, machine.Cores / (jobs > 0 ? jobs : gpus)));
        }

        if (jobs == 0)
        {
            jobs = Math.Clamp(machine.Cores / Math.Max(1, threadsPerJob), 1, most);
            if (jobBytes is > 0 and { } bytes) jobs = (int)Math.Clamp((long)(MemoryShare * machine.MemoryBytes) / bytes, 1, jobs);
        }

        return new PoolShape(jobs, threadsPerJob > 0 ? threadsPerJob : Math.Max(1, machine.Cores / jobs));
    }

    /// <summary>Whether so many trials of this size fit into the machine's memory, by the same share.</summary>
    public bool Fits(PoolMachine machine, long jobBytes) => (double)Jobs * jobBytes <= MemoryShare * machine.MemoryBytes;
}

/// <summary>What of a machine decides how many trials it runs at once.</summary>
/// <param name="Cores">Logical ones that this process may use.</param>
/// <param name="Gpus">Visible CUDA devices.</param>
/// <param name="MemoryBytes">Of the machine, or what its container allows.</param>
public sealed record PoolMachine(int Cores, int Gpus, long MemoryBytes)
{
    public static PoolMachine This() =>
        new(Environment.ProcessorCount, torch.cuda.is_available()
            ? torch.cuda.device_count() : 0, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
}
