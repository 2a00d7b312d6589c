namespace Ablation.Tests.Architecture;

/// <summary>
/// Every file that reads a tensor's values on the host, or calls what makes a device wait for the host, is known: how often it does, and
/// why that is in no step of a training on a GPU. DevicePathTests watches the operations of a step; reading memory is not one of them.
/// </summary>
[Parallelizable]
public sealed class ReadBackTests
{
    // what gives values to the host, or a tensor whose size depends on values
    private static readonly HashSet<string> Reading =
    [
        "item", "data", "bytes", "cpu", "CPU", "ToSingle", "ToDouble", "ToHalf", "ToInt16", "ToInt32", "ToInt64", "ToByte", "ToSByte",
        "ToBoolean", "is_nonzero", "nonzero", "nonzero_as_list", "argwhere", "masked_select", "unique", "unique_consecutive", "bincount",
        "histc", "equals", "allclose", "repeat_interleave", "print", "str", "jlstr", "npstr", "cstr", "Save", "save", "numpy",
    ];

    private const string Own = "kernels of the CPU's own way", Asked = "asks for the device, reads no values";
    private const string Host = "makes tensors on the host, and copies them to the device";
    private const string LogPoint = "at log points, which wait for the device", Outside = "before or after a training";
    private const string Doctor = "compares results of steps that it makes itself";

    private static readonly Dictionary<string, (int Uses, string Reason)> Known = new()
    {
        ["Losses/Kernels/Fused/ClassWalk.cs"] = (2, Own),
        ["Losses/Kernels/Fused/OwnProducts.cs"] = (1, Own),
        ["Losses/Kernels/Fused/SgdPass.cs"] = (1, Own),
        ["Losses/Kernels/Fused/VectorTerms.cs"] = (1, Own),
        ["Losses/Kernels/Fused/VectorPieces.cs"] = (1, Own),
        ["Losses/Kernels/Fused/FusedCenters.cs"] = (2, Own),
        ["Losses/UniTsFace.cs"] = (3, "once an epoch"),
        ["Losses/FaceLoss.cs"] = (2, "checks labels and embeddings in the CPU's own way"),
        ["Harness/Training/Trainer.cs"] = (2, "checks embeddings and loss in the CPU's own way"),
        ["Losses/Passes/PartialSample.cs"] = (1, "the number of draws, before the first one"),
        ["Harness/Training/LossWindow.cs"] = (3, LogPoint),
        ["Harness/Training/FollowedNumbers.cs"] = (2, LogPoint),
        ["Harness/Theory/AngleProbe.cs"] = (2, LogPoint),
        ["Harness/Theory/MotionProbe.cs"] = (2, LogPoint),
        ["Harness/Training/Divergence.cs"] = (3, "when a training ends"),
        ["Harness/Training/Checkpoints/TensorBytes.cs"] = (4, "checkpoints"),
        ["Harness/TrialWeights.cs"] = (2, Outside),
        ["Harness/Export/OnnxCheck.cs"] = (1, Outside),
        ["Harness/Export/WeightCheck.cs"] = (2, Outside),
        ["Harness/Embedding/NetworkEmbedder.cs"] = (2, Outside),
        ["Harness/Weights/TensorSet.cs"] = (3, "fills tensors on the host from a file"),
        ["Harness/Weights/WeightLoader.cs"] = (1, "checks what was read from a file, on the host"),
        ["Harness/Theory/TheoryMeasure.cs"] = (2, Outside),
        ["Harness/Theory/LabelSearch.cs"] = (2, Outside),
        ["Harness/Theory/RowProducts.cs"] = (2, Outside),
        ["Harness/Batches/ImageTensors.cs"] = (2, Host),
        ["Harness/Kernels/PlanesToPixels.cs"] = (1, Host),
        ["Harness/Planning/WorkingSet.cs"] = (4, "runs its trial pass on the host"),
        ["Losses/Kernels/CpuPath.cs"] = (1, Asked),
        ["Losses/Kernels/ProductPrecision.cs"] = (1, Asked),
        ["Harness/Networks/Chain.cs"] = (1, Asked),
        ["Harness/Networks/StridedPointwise.cs"] = (1, Asked),
        ["Harness/Networks/ChannelMultiplier.cs"] = (1, Asked),
        ["Harness/Native/Devices.cs"] = (2, Asked),
        ["Harness/Planning/SpeedProbe.cs"] = (2, Asked),
        ["Harness/Kernels/PointwiseProduct.cs"] = (2, Asked),
        ["Harness/Doctor/DoctorSubject.cs"] = (2, Doctor),
        ["Harness/Doctor/HeadSample.cs"] = (2, Doctor),
        ["Harness/Doctor/KernelSpeedCheck.cs"] = (2, Doctor),
        ["Harness/Doctor/LossesCheck.cs"] = (1, Doctor),
        ["Harness/Doctor/MemoryCheck.cs"] = (1, Doctor),
        ["Harness/Doctor/NetworksCheck.cs"] = (1, Doctor),
        ["Harness/Doctor/OutOfMemoryCheck.cs"] = (2, Doctor),
        ["Harness/Doctor/TrainingStep.cs"] = (1, Doctor),
        ["Benchmarks/BareNetwork.cs"] = (1, Asked),
        ["Experiments/Scheduling/PoolShape.cs"] = (1, Asked),
        ["Experiments/Commands/BenchCommand.cs"] = (1, Asked),
        ["Experiments/Commands/BenchTrain.cs"] = (1, Asked),
    };

    [Test, Category("Slow")]
    public void Each_file_that_reads_values_has_its_reason()
    {
        var reading = ReferenceGraph.Product.TorchMembers.Select(file => $"{file.Key} {file.Value.Count(Reading.Contains)}")
            .Where(file => !file.EndsWith(" 0", StringComparison.Ordinal));
        Assert.That(reading, Is.EquivalentTo(Known.Select(file => $"{file.Key} {file.Value.Uses}")), string.Join('\n', reading));
    }
}
