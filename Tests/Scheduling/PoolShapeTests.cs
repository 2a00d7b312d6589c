using Ablation.Experiments.Scheduling;
using TorchSharp;

namespace Ablation.Tests.Scheduling;

/// <summary>The number of parallel trials by suite and machine.</summary>
public sealed class PoolShapeTests
{
    private const long GiB = 1L << 30;
    private static readonly PoolMachine Sixteen = new(16, 4, 100 * GiB);

    [TestCase(40, 16, 1)]
    [TestCase(16, 16, 1)]
    [TestCase(6, 6, 2)]
    [TestCase(1, 1, 16)]
    [TestCase(0, 1, 16)]
    public void A_processor_runs_one_trial_per_core(int trials, int jobs, int threads) =>
        Assert.That(PoolShape.Choose(DeviceType.CPU, Sixteen, trials, GiB), Is.EqualTo(new PoolShape(jobs, threads)));

    [TestCase(10, 8, 2)]
    [TestCase(20, 4, 4)]
    [TestCase(30, 2, 8)]
    [TestCase(80, 1, 16)]
    [TestCase(81, 1, 16)]
    [TestCase(500, 1, 16)]
    public void Fewer_trials_run_if_they_would_take_more_than_four_fifths_of_the_memory(int gibibytes, int jobs, int threads)
    {
        var shape = PoolShape.Choose(DeviceType.CPU, Sixteen, 40, gibibytes * GiB);
        Assert.That(shape, Is.EqualTo(new PoolShape(jobs, threads)));
        Assert.That(shape.Fits(Sixteen, gibibytes * GiB), Is.EqualTo(gibibytes <= 80));
        Assert.That((shape with { Jobs = jobs + 1 }).Fits(Sixteen, gibibytes * GiB), Is.False, "one more would be too many");
    }

    [TestCase(3, 0, 3, 5)]
    [TestCase(0, 4, 4, 4)]
    [TestCase(0, 5, 3, 5)]
    [TestCase(0, 99, 1, 99)]
    [TestCase(20, 0, 20, 1)]
    [TestCase(20, 3, 20, 3)]
    public void Explicit_jobs_and_threads_are_used(int jobs, int threads, int thenJobs, int thenThreads) =>
        Assert.That(PoolShape.Choose(DeviceType.CPU, Sixteen, 40, GiB, jobs, threads), Is.EqualTo(new PoolShape(thenJobs, thenThreads)));

    [Test]
    public void Explicit_jobs_are_not_lowered_for_memory() =>
        Assert.That(PoolShape.Choose(DeviceType.CPU, Sixteen, 40, 50 * GiB, jobs: 8), Is.EqualTo(new PoolShape(8, 2)));

    [Test]
    public void Unknown_memory_is_no_limit() =>
    Assert.That(PoolShape.Choose(DeviceType.CPU, Sixteen, 40, null).Jobs, Is.EqualTo(16));

    [Test]
    public void A_GPU_runs_one_job_with_its_share_of_the_cores()
    {
        Assert.That(PoolShape.Choose(DeviceType.CUDA, Sixteen, 40, 90 * GiB), Is.EqualTo(new PoolShape(4, 4)));
        Assert.That(PoolShape.Choose(DeviceType.CUDA, Sixteen, 2, null), Is.EqualTo(new PoolShape(2, 4)));
        Assert.That(PoolShape.Choose(DeviceType.CUDA, Sixteen, 40, null, jobs: 8), Is.EqualTo(new PoolShape(8, 2)));
        Assert.That(PoolShape.Choose(DeviceType.MPS, Sixteen with { Gpus = 0 }, 40, null), Is.EqualTo(new PoolShape(1, 16)));
    }

    [Test]
    public void Negative_numbers_are_refused_with_their_option()
    {
        Assert.That(() => PoolShape.Choose(DeviceType.CPU, Sixteen, 1, null, jobs: -1),
            Throws.ArgumentException.With.Message.StartsWith("--jobs -1: "));
        Assert.That(() => PoolShape.Choose(DeviceType.CPU, Sixteen, 1, null, threadsPerJob: -2),
            Throws.ArgumentException.With.Message.StartsWith("--threads-per-job -2: "));
    }

    [Test]
    public void This_machine_has_cores_and_memory() =>
    Assert.That((PoolMachine.This().Cores, PoolMachine.This().MemoryBytes > GiB / 4), Is.EqualTo((Environment.ProcessorCount, true)));
}
