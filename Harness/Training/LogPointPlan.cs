using TorchSharp;
using static TorchSharp.torch;

namespace Ablation.Harness.Training;

/// <summary>The steps after which the loop logs the loss, and those after which it also measures angles.</summary>
/// <param name="Steps">Of the training.</param>
/// <param name="Every">Steps between two log points; the last step is one too.</param>
internal sealed record LogPointPlan(long Steps, int Every)
{
    /// <summary>About how many log points measure angles, however long the training is; the last one comes on top.</summary>
    public const int MostMeasured = 100;

    /// <summary>A log point stalls any device but the CPU, so it is rarer there; at least one per epoch.</summary>
    public static LogPointPlan Build(Device device, long steps, double stepsPerEpoch) =>
        new(steps, (int)Math.Max(1, Math.Min(device.type == DeviceType.CPU ? 20 : 50, (long)stepsPerEpoch)));

    public bool IsLogPoint(long step) => step % Every == 0 || step == Steps;

    /// <summary>Depends on the step alone, so that a resumed training measures where an uninterrupted one does.</summary>
    public bool IsMeasured(long step)
    {
        var points = (Steps + Every - 1) / Every;
        var stride = Every * ((points + MostMeasured - 1) / MostMeasured);
        return step == Steps || step % stride == 0;
    }
}
