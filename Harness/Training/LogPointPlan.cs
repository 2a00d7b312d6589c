using TorchSharp;
using static TorchSharp.torch;

namespace Ablation.Harness.Training;

/// <summary>After which steps the loop looks at the loss, and at which of these looks angles are measured.</summary>
/// <param name="Steps">Of the training.</param>
/// <param name="Every">Steps between two looks; the last step is one too.</param>
internal sealed record LogPointPlan(long Steps, int Every)
{
    /// <summary>Looks with angles, about, however long the training is; the last look comes on top.</summary>
    public const int MostMeasured = 100;

    /// <summary>A look stalls any device but the CPU, so it is rare there; at least one an epoch.</summary>
    public static LogPointPlan Build(Device device, long steps, double stepsPerEpoch) =>
        new(steps, (int)Math.Max(1, Math.Min(device.type == DeviceType.CPU ? 20 : 50, (long)stepsPerEpoch)));

    public bool IsLook(long step) => step % Every == 0 || step == Steps;

    /// <summary>Hangs on the step alone, so that a training that goes on measures where one that was not interrupted does.</summary>
    public bool IsMeasured(long step)
    {
        var looks = (Steps + Every - 1) / Every;
        var stride = Every * ((looks + MostMeasured - 1) / MostMeasured);
        return step == Steps || step % stride == 0;
    }
}
