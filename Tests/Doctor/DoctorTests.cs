using Ablation.Harness.Doctor;
using Ablation.Harness.Foundations;
using Ablation.Harness.Networks;
using Ablation.Losses;
using TorchSharp;

namespace Ablation.Tests.Doctor;

/// <summary>The checks of doctor on a processor, in small, and what it does with faults.</summary>
public sealed class DoctorTests
{
    public static DoctorSubject Subject => new("cpu", torch.CPU, null, 1, ".")
    {
        Scale = DoctorScale.Processor with { LossClasses = 40, LossDimension = 16, KernelClasses = [100], KernelRounds = 1 },
        Losses = new Dictionary<string, LossOptions> { ["ArcFace"] = new ArcFaceOptions(), ["Npt"] = new NptOptions() },
        Networks = new Dictionary<string, BackboneOptions> { ["Small"] = new SmallOptions() },
    };

    public static IEnumerable<IDoctorCheck> Checks => DoctorRun.Checks();

    [TearDown]
    public void One_thread() => torch.set_num_threads(1);

    [Test]
    public void Checks_are_found_and_have_titles_and_places_of_their_own()
    {
        var checks = DoctorRun.Checks();
        Assert.That(checks, Has.Count.GreaterThanOrEqualTo(11));
        Assert.That(checks.Select(check => check.Title), Is.Unique);
        Assert.That(checks.Select(check => check.Place), Is.Unique.And.Ordered);
    }

    [TestCaseSource(nameof(Checks))]
    public void A_check_reports_and_passes_here(IDoctorCheck check)
    {
        if (check is SpeedCheck) Assert.Ignore("IResNet-50 takes seconds: the test of the command has it");
        var lines = check.Run(Subject, CancellationToken.None).ToList();
        Assert.That(lines, Is.Not.Empty);
        Assert.That(lines.Where(line => line.Outcome == CheckOutcome.Failed).Select(line => line.ToString()), Is.Empty);
        Assert.That(lines.Select(line => line.Name), Is.Unique);
        Assert.That(lines.Select(line => line.Measured), Has.All.Not.Empty);
    }

    [Test]
    public void A_check_that_throws_is_a_failed_line_and_the_others_run()
    {
        var report = Run(Subject, new Throwing(), new MachineCheck());
        Assert.That(report.IsReady, Is.False);
        Assert.That(report.Checks[0].Lines, Is.EqualTo(new[]
        {
            CheckLine.Ok("first", "1"),
            CheckLine.Failed("the check", "InvalidDataException: the middle of it", "report it with this page"),
        }));
        Assert.That(report.Checks[1].Lines, Has.Count.GreaterThan(3));
    }

    [Test]
    public void A_stop_is_not_a_failure()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.That(() => DoctorRun.Run(DoctorRun.Checks(), Subject, _ => { }, stop.Token),
            Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void A_missing_device_fails_and_leaves_out_what_needs_it()
    {
        var report = DoctorRun.Run(DoctorRun.Checks(), new DoctorSubject("cuda", null, "no CUDA device is available", 1, "."),
            _ => { }, CancellationToken.None);
        Assert.That(report.IsReady, Is.False);
        var lines = report.Checks.SelectMany(check => check.Lines).ToList();
        Assert.That(lines.Single(line => line.Outcome == CheckOutcome.Failed).Measured, Is.EqualTo("no CUDA device is available"));
        Assert.That(lines.Count(line => line == CheckLine.Absent("all of it", "there is no device cuda")),
            Is.EqualTo(DoctorRun.Checks().Count(check => check.NeedsDevice)));
    }

    [Test]
    public void The_page_fits_and_the_file_holds_the_same()
    {
        var report = Run(Subject, new MachineCheck(), new LibrariesCheck(), new DeviceCheck(), new LossesCheck(), new Throwing());
        var page = DoctorPage.Write(report);
        Assert.That(page.Split('\n').Where(line => line.Length > 100), Is.Empty);
        Assert.That(page, Does.StartWith("# ablation doctor: NOT READY, 1 failed\n\ncpu; commit ").And.Not.Contain("\r"));
        var read = SpecJson.Read<DoctorReport>(SpecJson.Write(report));
        Assert.That(DoctorPage.Write(read), Is.EqualTo(page));
        var words = string.Join(' ', page.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        foreach (var line in read.Checks.SelectMany(check => check.Lines))
            Assert.That(words, Does.Contain($"{line.Name}: {line.Measured}"));
    }

    [Test]
    public void A_long_word_is_cut()
    {
        var line = CheckLine.Failed("path", new string('x', 250), "choose another");
        var page = DoctorPage.Write(new DoctorReport("cpu", "c", DateTimeOffset.UnixEpoch, 1, [new CheckResult("Disk", 1, [line])]));
        Assert.That(page.Split('\n').Max(text => text.Length), Is.EqualTo(100));
        Assert.That(page, Does.Contain("; choose another"));
    }

    public static DoctorReport Run(DoctorSubject on, params IDoctorCheck[] checks) =>
        DoctorRun.Run(checks, on, _ => { }, CancellationToken.None);

    private sealed class Throwing : IDoctorCheck
    {
        public string Title => "Throwing";

        public int Place => 1;

        public bool NeedsDevice => false;

        public IEnumerable<CheckLine> Run(DoctorSubject on, CancellationToken cancel)
        {
            yield return CheckLine.Ok("first", "1");
            throw new InvalidDataException("the middle of it\nand more");
        }
    }
}
