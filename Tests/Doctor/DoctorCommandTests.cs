using Ablation.Harness.Doctor;
using Ablation.Harness.Foundations;
using Ablation.Tests.Commands;

namespace Ablation.Tests.Doctor;

/// <summary>The command in a process: its page, its file and its exit codes.</summary>
public sealed class DoctorCommandTests
{
    [Test, Category("Slow")]
    public void It_prints_the_page_and_writes_the_same_as_JSON()
    {
        using var folder = new TemporaryFolder();
        var (code, output, errors) = Cli.Run(folder.Path, "doctor", "--device", "cpu", "--out", "page.json");
        Assert.That(code, Is.Zero, output + errors);
        var report = SpecJson.Read<DoctorReport>(File.ReadAllText(Path.Combine(folder.Path, "page.json")));
        Assert.That(DoctorPage.Write(report).TrimEnd('\n'), Is.EqualTo(output.TrimEnd('\n')));
        Assert.That(report.Checks.Select(check => check.Title), Is.EqualTo(DoctorRun.Checks().Select(check => check.Title)));
        Assert.That(output.Split('\n').Where(line => line.Length > DoctorPage.Width), Is.Empty);
        Assert.That(output, Does.StartWith("# ablation doctor: ready").And.Contain("- ok: IResNet-50, float32: "));
    }

    [Test, Category("Slow")]
    public void A_missing_device_is_a_failure_and_a_wrong_option_is_2()
    {
        using var folder = new TemporaryFolder();
        if (!TorchSharp.torch.cuda.is_available())
        {
            var (code, output, _) = Cli.Run(folder.Path, "doctor", "--device", "cuda", "--only", "Device", "Paired seeds");
            Assert.That(code, Is.EqualTo(1));
            Assert.That(output, Does.StartWith("# ablation doctor: NOT READY, 1 failed").And.Contain("FAILED: device: --device cuda"));
        }

        Assert.That(Cli.Run(folder.Path, "doctor", "--device", "toaster"), Is.EqualTo((2, "",
            "error: --device toaster: not known; use auto, cpu, cuda, cuda:N or mps\n")));
        var (unknown, _, errors) = Cli.Run(folder.Path, "doctor", "--only", "Everything");
        Assert.That(unknown, Is.EqualTo(2));
        Assert.That(errors, Does.StartWith("error: --only Everything: no such check; known: Machine, Libraries, "));
    }
}
