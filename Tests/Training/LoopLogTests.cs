using Ablation.Harness.Faces;
using Ablation.Harness.Training;
using Ablation.Harness.Training.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Ablation.Tests.Training;

/// <summary>The loop's log points and their frequency.</summary>
public sealed class LoopLogTests
{
    [Test]
    public void The_speed_at_a_log_point_counts_the_images_since_the_last()
    {
        using var source = TinyModel.TinyFaces.Open(new DataRoot("."));
        using var log = new LoopLog(new HostImages(TinyModel.TinyBatches(source, 8), CPU), CPU, stepsPerLogPoint: 20);
        const long before = 1_000_000_000_000; // images of an earlier attempt
        log.Restore(new LoopRecord(10, before, 5, 0, 10, before, 5, [], []));
        log.CountImages(16);
        log.CountStep();
        Assert.That(log.AddLogPoint(2, 0.1, 1, null).ImagesPerSecond, Is.GreaterThan(0).And.LessThan(1e10));
    }

    [TestCase(DeviceType.CPU, 20)]
    [TestCase(DeviceType.CUDA, 50)] // where a log point makes the loop wait
    public void A_GPU_is_read_less_often(DeviceType device, int every)
    {
        Assert.That(LogPointPlan.Build(new Device(device), 1000, 100).Every, Is.EqualTo(every));
        Assert.That(LogPointPlan.Build(new Device(device), 1000, 7.5).Every, Is.EqualTo(7), "at least one per epoch");
    }
}
