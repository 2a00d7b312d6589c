using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Ablation.Tests.Native.Recording;

/// <summary>The recorder sees what other tests conclude from its silence about.</summary>
[NonParallelizable, Platform(OperationRecorder.Systems)]
public sealed class OperationRecorderTests
{
    [Test]
    public void It_sees_each_operation_with_its_tensors()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (randn(3, 5), randn(5, 7));
        using var recorder = new OperationRecorder();
        a.mm(b).exp_();
        var seen = recorder.Operations;
        Assert.That(seen.Select(operation => operation.Name), Is.EqualTo(new[] { "aten::mm", "aten::exp_" }));
        Assert.That(seen[0].Taken.Select(tensor => tensor.Values), Is.EqualTo(new[] { 15, 35 }));
        Assert.That(seen[0].Returned.Single(), Is.EqualTo(new RecordedTensor(DeviceType.CPU, ScalarType.Float32, 21, false)));
    }

    [Test]
    public void It_sees_what_runs_within_others_and_in_the_backward_pass()
    {
        using var scope = NewDisposeScope();
        var x = randn(6, 2).requires_grad_();
        using var recorder = new OperationRecorder();
        var sum = x.logsumexp(1).sum();
        Assert.That(recorder.Operations.SelectMany(one => one.All).Select(one => one.Name), Does.Contain("aten::amax"));
        recorder.Clear();
        sum.backward();
        Assert.That(recorder.Operations.SelectMany(one => one.All).Select(one => one.Name), Does.Contain("aten::exp"));
    }

    [Test]
    public void It_sees_other_devices_and_float64()
    {
        using var scope = NewDisposeScope();
        var x = randn(4, device: new Device(DeviceType.META));
        using var recorder = new OperationRecorder();
        (x + x).to(ScalarType.Float64);
        Assert.That(recorder.Operations.SelectMany(one => one.Returned), Does.Contain(
            new RecordedTensor(DeviceType.META, ScalarType.Float64, 4, false)));
    }

    [Test]
    public void It_ends_when_disposed()
    {
        using var scope = NewDisposeScope();
        var recorder = new OperationRecorder();
        recorder.Dispose();
        randn(3);
        Assert.That(recorder.Operations, Is.Empty);
    }

    [Test]
    public void What_is_on_another_device_cannot_be_read_without_a_copy()
    {
        using var x = randn(1, device: new Device(DeviceType.META));
        Assert.That(() => x.item<float>(), Throws.InstanceOf<ExternalException>().With.Message.Contains("Cannot copy out of meta"));
        Assert.That(() => x.data<float>(), Throws.Exception);
        Assert.That(() => x.bytes.Length, Throws.Exception);
        Assert.That(() => x + randn(1), Throws.Exception, "devices do not mix");
    }
}
