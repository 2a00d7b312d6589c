namespace Ablation.Tests.Architecture;

/// <summary>
/// Every file that reads a tensor's values on the host, or calls what makes a device wait for the host, is known, with the reason why that
/// is in no step of a training on a GPU. DevicePathTests watches the operations of a step; reading memory is not one of them.
/// </summary>
public sealed class ReadBackTests
{
    // what gives values to the host, or a tensor whose size depends on values
    private static readonly string[] Reading =
    [
        "item", "data", "bytes", "cpu", "CPU", "ToSingle", "ToDouble", "ToHalf", "ToInt16", "ToInt32", "ToInt64", "ToByte", "ToSByte",
        "ToBoolean", "is_nonzero", "nonzero", "nonzero_as_list", "argwhere", "masked_select", "unique", "unique_consecutive", "bincount",
        "histc", "equals", "allclose", "repeat_interleave", "print", "str", "jlstr", "npstr", "cstr", "Save", "save", "numpy",
    ];

    private const string Own = "kernels of the CPU's own way", Asked = "asks for the device, reads no values";
    private const string Host = "makes tensors on the host, and copies them to the device";
    private const string LogPoint = "at log points, which wait for the device", Outside = "before or after a training";

    private static readonly Dictionary<string, string> Known = new()
    {
        ["Losses/Kernels/Fused/ClassWalk.cs"] = Own,
        ["Losses/Kernels/Fused/OwnProducts.cs"] = Own,
        ["Losses/Kernels/Fused/SgdPass.cs"] = Own,
        ["Losses/FaceLoss.cs"] = "checks labels and embeddings in the CPU's own way",
        ["Harness/Training/Trainer.cs"] = "checks embeddings and loss in the CPU's own way",
        ["Losses/Passes/PartialSample.cs"] = "the number of draws, before the first one",
        ["Harness/Training/LossWindow.cs"] = LogPoint,
        ["Harness/Theory/AngleProbe.cs"] = LogPoint,
        ["Harness/Training/Divergence.cs"] = "when a training ends",
        ["Harness/Training/Checkpoints/TensorBytes.cs"] = "checkpoints",
        ["Harness/TrialWeights.cs"] = Outside,
        ["Harness/Embedding/NetworkEmbedder.cs"] = Outside,
        ["Harness/Theory/TheoryMeasure.cs"] = Outside,
        ["Harness/Theory/RowProducts.cs"] = Outside,
        ["Harness/Batches/ImageTensors.cs"] = Host,
        ["Harness/Kernels/PlanesToPixels.cs"] = Host,
        ["Harness/Planning/WorkingSet.cs"] = "runs its trial pass on the host",
        ["Losses/Kernels/CpuPath.cs"] = Asked,
        ["Losses/Kernels/ProductPrecision.cs"] = Asked,
        ["Harness/Networks/Chain.cs"] = Asked,
        ["Harness/Networks/StridedPointwise.cs"] = Asked,
        ["Harness/Native/Devices.cs"] = Asked,
        ["Harness/Planning/SpeedProbe.cs"] = Asked,
        ["Benchmarks/BareNetwork.cs"] = Asked,
        ["Experiments/Scheduling/PoolShape.cs"] = Asked,
        ["Experiments/Commands/BenchCommand.cs"] = Asked,
        ["Experiments/Commands/BenchTrain.cs"] = Asked,
    };

    [Test]
    public void Each_file_that_reads_values_has_its_reason()
    {
        var reading = ReferenceGraph.Product.TorchMembers.Where(file => file.Value.Overlaps(Reading)).ToList();
        var unknown = reading.Where(file => !Known.ContainsKey(file.Key));
        Assert.That(reading.Select(file => file.Key), Is.EquivalentTo(Known.Keys),
            string.Join('\n', unknown.Select(file => $"{file.Key}: {string.Join(", ", file.Value.Intersect(Reading))}")));
    }
}
