using TorchSharp;

namespace Ablation.Experiments.Scheduling;

/// <summary>The number of parallel trials and the threads of each.</summary>
/// <param name="Jobs">Trials at once, at least 1.</param>
/// <param name="ThreadsPerJob">Of libtorch and the decoders of one trial, at least 1.</param>
public sealed record PoolShape(int Jobs, int ThreadsPerJob)
{
    /// <summary>Largest share of the machine's memory that a choice may fill.</summary>
    public const double MemoryShare = 0.8;

    /// <summary>
    /// Chooses the shape. On a CPU, parallel one-thread trials finish more than trials in sequence on all cores (docs/scale.md); on CUDA
    /// one job per GPU. The choice depends only on suite and machine, never on what is finished, because the number of threads can change a
    /// result's last bits.
    /// </summary>
    /// <param name="trials">Trials of the whole suite, including finished ones.</param>
    /// <param name="jobBytes">Memory predicted for the largest trial of the suite; null if unknown, and then memory is no limit.</param>
    /// <param name="jobs">Requested number, which is never reduced; 0 to choose.</param>
    /// <param name="threadsPerJob">Requested number; 0 to choose.</param>
    /// <exception cref="ArgumentException">A requested number is negative.</exception>
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

    /// <summary>Whether the jobs fit into the same share of the machine's memory.</summary>
    public bool Fits(PoolMachine machine, long jobBytes) => (double)Jobs * jobBytes <= MemoryShare * machine.MemoryBytes;
}

/// <summary>The properties of a machine that decide how many trials it runs in parallel.</summary>
/// <param name="Cores">Logical cores that this process may use.</param>
/// <param name="Gpus">Visible CUDA devices.</param>
/// <param name="MemoryBytes">Memory of the machine, or what its container allows.</param>
public sealed record PoolMachine(int Cores, int Gpus, long MemoryBytes)
{
    public static PoolMachine This() =>
        new(Environment.ProcessorCount, torch.cuda.is_available()
            ? torch.cuda.device_count() : 0, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
}
