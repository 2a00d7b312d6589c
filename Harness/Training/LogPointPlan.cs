using Ablation.Losses.Kernels;
using static TorchSharp.torch;

namespace Ablation.Harness.Training;

/// <summary>The steps after which the loop logs the loss, and those after which it also measures angles.</summary>
/// <param name="Steps">Of the training.</param>
/// <param name="Every">Steps between two log points; the last step is one too.</param>
internal sealed record LogPointPlan(long Steps, int Every)
{
    /// <summary>The largest number of log points that measure angles in a training of any length, plus the last one.</summary>
    public const int MostMeasured = 100;

    /// <summary>Plans at least one log point per epoch; fewer on a device other than the CPU, which a log point stalls.</summary>
    public static LogPointPlan Build(Device device, long steps, double stepsPerEpoch) =>
        new(steps, (int)Math.Max(1, Math.Min(CpuPath.IsTaken(device) ? 20 : 50, (long)stepsPerEpoch)));

    public bool IsLogPoint(long step) => step % Every == 0 || step == Steps;

    /// <summary>Depends only on the step, so that a resumed training measures at the same steps as an uninterrupted one.</summary>
    public bool IsMeasured(long step)
    {
        var points = (Steps + Every - 1) / Every;
        var stride = Every * ((points + MostMeasured - 1) / MostMeasured);
        return step == Steps || step % stride == 0;
    }
}
