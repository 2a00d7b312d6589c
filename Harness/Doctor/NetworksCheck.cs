using Ablation.Harness.Kernels;
using Ablation.Harness.Networks;
using Ablation.Harness.Training;
using Ablation.Losses.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Ablation.Harness.Doctor;

/// <summary>
/// Takes one training step of every network on the device: in float32 it must be the step that the processor takes through libtorch alone,
/// in bfloat16 it must be finite.
/// </summary>
public sealed class NetworksCheck : IDoctorCheck
{
    /// <summary>
    /// Largest relative difference of a float32 step. Batch statistics of few images amplify rounding: ResNet-50's step differed by 1e-2
    /// where every convolution was right to 1e-6. With one wrong convolution the networks differed by 0.5 to 0.95.
    /// </summary>
    public const double MostError = 5e-2;

    public string Title => "One training step of each network";

    public int Place => 50;

    public bool NeedsDevice => true;

    public IEnumerable<CheckLine> Run(DoctorSubject on, CancellationToken cancel)
    {
        foreach (var (name, network) in on.Networks)
        {
            var lines = new List<CheckLine>();
            try
            {
                foreach (var line in Steps(name, network, on, cancel)) lines.Add(line);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                lines.Add(DoctorRun.Failure(name, e));
            }

            foreach (var line in lines) yield return line;
        }
    }

    private static IEnumerable<CheckLine> Steps(string name, BackboneOptions network, DoctorSubject on, CancellationToken cancel)
    {
        using var expected = Expected(network, on.Scale, cancel);
        foreach (var way in on.Ways)
        {
            using var taken = way.Enter();
            using var exact = WithoutTf32(on.Device);
            var how = way.Name.Length > 0 ? $", {way.Name}" : "";
            using var full = TrainingStep.Run(network, on.Device, Precision.Float32, on.Scale, new LoopOptions(), cancel);
            var worst = Deviation.Worst(Deviation.Between([full.Loss], [expected.Loss], "loss"),
                new Deviation(full.DifferenceFrom(expected), "step of the weights"));
            yield return CheckLine.Within($"{name}, float32{how}", worst.Error, MostError, $"differs by {worst}",
                Deviation.Text(MostError), "the device computes another step than the processor: report it with this page");
            if (way.Name.Length > 0) continue; // bfloat16 once: it is asked only to be finite
            using var half = TrainingStep.Run(network, on.Device, Precision.BFloat16, on.Scale, new LoopOptions(), cancel);
            yield return half.IsFinite
                ? CheckLine.Ok($"{name}, bfloat16{how}", $"finite; differs from float32 by {Deviation.Text(half.DifferenceFrom(expected))}")
                : CheckLine.Failed($"{name}, bfloat16{how}", "the loss or a weight is NaN or infinite", "train with precision float32");
        }
    }

    private static TrainingStep Expected(BackboneOptions network, DoctorScale scale, CancellationToken cancel)
    {
        using var off = CpuPath.SwitchOff();
        return TrainingStep.Run(network, CPU, Precision.Float32, scale, new LoopOptions(ChannelsLast: false), cancel);
    }

    /// <summary>cuDNN convolves float32 in TF32 by default, whose three digits would hide a difference.</summary>
    private static Restored? WithoutTf32(Device device) => device.type == DeviceType.CUDA ? new Restored() : null;

    private sealed class Restored : IDisposable
    {
        private readonly bool before = backends.cudnn.allow_tf32;

        public Restored() => backends.cudnn.allow_tf32 = false;

        public void Dispose() => backends.cudnn.allow_tf32 = before;
    }
}
