using Ablation.Harness.Training;
using Ablation.Harness.Training.Checkpoints;
using Ablation.Losses.Kernels;
using Ablation.Tests.Native.Recording;
using TorchSharp;
using static TorchSharp.torch;

namespace Ablation.Tests.Training;

/// <summary>
/// Records the operations of each step of a training that runs on the CPU in the way of a GPU. Meanwhile the default device is one that
/// holds no values: a tensor that is made without naming its device shows, though the device that was asked for is the CPU.
/// </summary>
internal sealed class RecordedSteps : ITrialWatch, IDisposable
{
    // their result's size depends on values, or it is a value: a GPU is waited for
    private static readonly HashSet<string> Waiting =
    [
        "item", "_local_scalar_dense", "is_nonzero", "nonzero", "nonzero_numpy", "masked_select", "_unique", "_unique2", "unique_dim",
        "unique_consecutive", "bincount", "equal", "allclose", "repeat_interleave", "histc", "_assert_async",
    ];

    private readonly IDisposable off = CpuPath.SwitchOff();
    private readonly OperationRecorder recorder = new();

    public RecordedSteps() => set_default_device(new Device(DeviceType.META));

    /// <summary>All operations, those within others too, up to the end of each step.</summary>
    public List<IReadOnlyList<RecordedOperation>> Steps { get; } = [];

    public int LogPoints { get; private set; }

    /// <summary>Operations that make a GPU wait, leave the device, or compute in float64.</summary>
    public IEnumerable<string> Faults() => Steps.SelectMany((step, number) => step.Where(IsFault).Select(one => $"step {number}: {one}"));

    public void Report(string line)
    {
    }

    public void Start(long step, long steps, double epoch) => recorder.Clear();

    public void Step(long step)
    {
        Steps.Add([.. recorder.Operations.SelectMany(one => one.All)]);
        recorder.Clear();
    }

    public void LogPoint(HistoryPoint point, long steps) => LogPoints++;

    public void Saved(long step)
    {
    }

    public void Test(string name)
    {
    }

    public void Dispose()
    {
        set_default_device(CPU);
        recorder.Dispose();
        off.Dispose();
    }

    private static bool IsFault(RecordedOperation one) => Waiting.Contains(Short(one))
        || one.Tensors.Any(tensor => tensor.Device != DeviceType.CPU || (tensor.Type == ScalarType.Float64 && !tensor.IsNumber));

    private static string Short(RecordedOperation one) => one.Name[(one.Name.LastIndexOf(':') + 1)..];
}
