using Ablation.Experiments.Reports;
using Ablation.Harness.Native;
using Ablation.Harness.Provenance;

namespace Ablation.Tests.Reports;

/// <summary>The origin of trials in the report.</summary>
[Parallelizable]
public sealed class ProvenanceReportTests
{
    private static readonly DataFingerprint Data = new(new string('a', 64), [new TestFingerprint("random", new string('b', 64))]);

    [Test]
    public void Different_data_give_a_warning_with_the_trials()
    {
        using var stored = Stored((_, origin) => origin with { Data = Data });
        Assert.That(stored.Text("report.md"),
            Does.Not.Contain("SAME DATA").And.Contains("| fingerprint of the training data | aaaaaaaaaaaaaaaa |").And.Contains(
                "| fingerprint of random | bbbbbbbbbbbbbbbb |"));

        var odd = stored.Suite.Trials()[5].Spec.Id();
        using var training = Stored((id, origin) => origin with { Data = id == odd ? Data with { Training = new string('c', 64) } : Data });
        Assert.That(training.Text("report.md"),
            Does.Contain($"> NOT THE SAME DATA: the training data: 23 trials agree, not with them {odd}. ").And.Contains(
                "| fingerprint of the training data | cccccccccccccccc |"));

        using var test = Stored((id, origin) =>
            origin with { Data = id == odd ? Data with { Tests = [new TestFingerprint("random", new string('d', 64))] } : Data });
        Assert.That(test.Text("report.md"), Does.Contain($"> NOT THE SAME DATA: random: 23 trials agree, not with them {odd}. "));
    }

    [Test]
    public void Results_without_a_fingerprint_give_no_warning()
    {
        using var stored = Stored((id, origin) => id[0] < '8' ? origin with { Data = Data } : origin);
        Assert.That(stored.Text("report.md"), Does.Not.Contain("SAME DATA"));
    }

    [Test]
    public void The_column_of_restarts_exists_only_if_there_were_some()
    {
        using var none = Stored((_, origin) => origin with { Restarts = 0 });
        Assert.That(none.Text("report.md"), Does.Contain("| seconds | commit |").And.Not.Contains("restarts"));
        var odd = none.Suite.Trials()[5].Spec.Id();
        using var some = Stored((id, origin) => id == odd ? origin with { Restarts = 3 } : origin);
        Assert.That(some.Text("report.md"),
            Does.Contain("| seconds | restarts | commit |").And.Contains($"| 3 | 0123456789ab | {odd} |").And.Contains(
                "| n/a | 0123456789ab |"));
    }

    [Test]
    public void The_column_of_device_memory_exists_only_if_it_was_measured()
    {
        using var none = Stored((_, origin) => origin);
        Assert.That(none.Text("report.md"), Does.Not.Contain("device MiB"));
        var odd = none.Suite.Trials()[5].Spec.Id();
        using var some = Stored((id, origin) => id == odd ? origin with { DevicePeakBytes = 300 << 20 } : origin);
        Assert.That(some.Text("report.md"),
            Does.Contain("| seconds | device MiB | commit |").And.Contains($"| 300 | 0123456789ab | {odd} |").And.Contains(
                "| n/a | 0123456789ab |"));
    }

    [Test]
    public void The_machine_names_GPU_driver_and_native_versions()
    {
        using var stored = Stored((_, origin) =>
            origin with
            {
                Native = new NativeVersions("2.10.0", OneDnn: "3.7.1"),
                Gpu = new GraphicsCard("NVIDIA H100", "570.1", "GPU-x")
            });
        Assert.That(stored.Text("report.md"),
            Does.Contain(
                "a machine; NVIDIA H100, driver 570.1; cpu, 1 threads; an OS; .NET; TorchSharp 0.106.0, libtorch 2.10.0, oneDNN 3.7.1 |"));
        using var plain = Stored((_, origin) => origin);
        Assert.That(plain.Text("report.md"), Does.Contain("a machine; cpu, 1 threads; an OS; .NET; TorchSharp 0.106.0 |"));
    }

    private static StoredSuite Stored(Func<string, TrialProvenance, TrialProvenance> origin)
    {
        var stored = new StoredSuite();
        foreach (var (_, output) in stored.Outputs())
            stored.Store.Save(
                output with { Result = output.Result with { Provenance = origin(output.Result.Id, output.Result.Provenance) } });
        SuiteReport.Write(stored.Suite, stored.Store);
        return stored;
    }
}
