using Ablation.Experiments.Scheduling.Slurm;

namespace Ablation.Tests.Scheduling.Slurm;

/// <summary>The scripts for sbatch, compared byte by byte.</summary>
public sealed class SbatchScriptTests
{
    private static readonly SlurmOptions All = new("1-12:00:00", "gpu,long", "a100:1", 4, "16G", 3,
        ["--account=faces", "--comment='a night'"], ["module load cuda", "export A=\"b c\""]);
    private static readonly string[] Trial = ["/opt/dotnet/dotnet", "/home/o'neill/my tools/ablation.dll", "trial", "--list",
        "/shared/run 1/pending-2.txt", "--index"];

    [Test]
    public void Script_of_an_array() =>
    Golden.Check(SbatchScript.Trials("faces-small", "/shared/run 1/100%/logs", new ArrayChunk(0, 21, 3), All, Trial));

    [Test]
    public void Script_of_an_array_with_every_default() =>
    Golden.Check(SbatchScript.Trials("quick", "/shared/logs", new ArrayChunk(1001, 1, null), new SlurmOptions(), Trial));

    [Test]
    public void Script_of_a_report() =>
    Golden.Check(SbatchScript.Report("faces-small", "/shared/logs", All,
        ["/opt/ablation", "report", "/shared/faces-small.jsonc", "--seeds", "1", "2"]));

    [TestCase("a \"suite\"")]
    [TestCase("a\\suite")]
    [TestCase("a\nsuite")]
    public void A_name_that_is_invalid_in_a_directive_is_refused(string name) =>
        Assert.That(() => SbatchScript.Trials(name, "/shared", new ArrayChunk(0, 1, null), new SlurmOptions(), Trial),
            Throws.ArgumentException.With.Message.Contains("choose another"));

    [TestCase(null, 180)]
    [TestCase("UNLIMITED", 180)]
    [TestCase("720", 180, TestName = "Warning of a long limit")]
    [TestCase("11", 165, TestName = "A quarter of minutes")]
    [TestCase("2:40", 40, TestName = "A quarter of minutes and seconds")]
    [TestCase("0:10:40", 160, TestName = "A quarter of hours, minutes and seconds")]
    [TestCase("0-0:11", 165, TestName = "A quarter of days, hours and minutes")]
    [TestCase("1-0", 180, TestName = "Warning of a day")]
    [TestCase("0-1", 180, TestName = "Warning of an hour")]
    [TestCase("0:1", 1, TestName = "Warning of a second")]
    public void The_warning_is_180_seconds_early_or_at_three_quarters_of_a_short_limit(string? time, int seconds) =>
        Assert.That(new SlurmOptions(time).WarningLead, Is.EqualTo(seconds));

    [Test]
    public void An_invalid_option_is_refused_by_name()
    {
        var wrong = new (SlurmOptions Options, string Name)[]
        {
            (new(Time: "soon"), "--time soon"), (new(Time: "1-"), "--time 1-"), (new(Time: "1:2:3:4"), "--time"),
                (new(Time: "0"), "--time 0"), (new(Time: "-5"), "--time"),
            (new(Cpus: 0), "--cpus 0"), (new(Limit: 0), "--limit 0"), (new(MaxAttempts: 0), "--max-attempts 0"),
            (new(Gpus: "0"), "--gpus 0"), (new(Gpus: "a100"), "--gpus a100"), (new(Memory: "8 GB"), "--mem 8 GB"),
                (new(Partition: "a b"), "--partition a b"),
            (new(Extra: ["account=faces"]), "account=faces"), (new(Extra: ["--array=1"]), "--array=1"), (new(Extra: ["-a 1"]), "-a 1"),
                (new(Extra: ["--nice\n--wrap"]), "--sbatch"),
        };
        Assert.Multiple(() =>
        {
            foreach (var (options, name) in wrong) Assert.That(options.Check, Throws.ArgumentException.With.Message.Contains(name));
            Assert.That(All.Check, Throws.Nothing);
            Assert.That(new SlurmOptions(Gpus: "2", Memory: "900m").Check, Throws.Nothing);
        });
    }
}
