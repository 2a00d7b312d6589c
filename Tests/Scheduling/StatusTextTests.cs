using Ablation.Experiments.Commands;
using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Store;
using Ablation.Experiments.Terminal;
using Ablation.Harness.Foundations;
using static Ablation.Tests.Scheduling.HandMadeSuite;

namespace Ablation.Tests.Scheduling;

/// <summary>The output of status and watch for a suite in every state.</summary>
[Parallelizable]
public sealed class StatusTextTests
{
    private static readonly StatusLimits Wide = new(TerminalLook.OfFile);
    private HandMadeSuite made = null!;

    [SetUp]
    public void Make() => made = new HandMadeSuite();

    [TearDown]
    public void Remove() => made.Dispose();

    [Test]
    public void Status_of_a_night_fits_the_terminal([Values(40, 60, 80, 120, 200)] int width)
    {
        Night();
        var text = Text(new StatusLimits(new TerminalLook(width, 24, false, false, true)));
        Golden.Check(text, $"Status_of_a_night_{width}");
        Assert.That(text.Split('\n').Select(line => line.Length), Is.All.LessThanOrEqualTo(width));
    }

    [Test]
    public void Status_of_a_night_in_a_file()
    {
        Night();
        Golden.Check(string.Concat(StatusRows.Lines(made.Read()).Select(line => line + "\n")));
    }

    [Test]
    public void Omitted_causes_are_counted_and_one_cause_is_said_once()
    {
        Night();
        made.Fail("untrained", 3, "second line\nis not shown", Now);
        made.Fail("ArcFace", 3, "second line\nis not shown either", Now);
        var few = Text(Wide with { Failures = 1, LogLines = 0 });
        Assert.That(few, Does.Contain("    and 1 more failed\n").And.Not.Contain("|"));
        var all = Text(Wide);
        Assert.That(all.Split("second line").Length, Is.EqualTo(2));
        Assert.That(all, Does.Contain($"    and 1 more: ArcFace, seed 3 ({made.Id("ArcFace", 3)})"));
    }

    [Test]
    public void A_finished_suite_is_reported()
    {
        foreach (var plan in made.Trials) made.Finish(plan.Label, plan.Spec.Seed);
        Assert.That(Text(Wide), Is.EqualTo("made   9 done, 0 running, 0 waiting, 0 failed\n" +
            "Done: untrained 1 2 3, Softmax 1 2 3, ArcFace 1 2 3\nNothing is left to run\n"));
    }

    [Test]
    public void A_stopped_suite_names_the_command_that_resumes_it()
    {
        made.Finish("Softmax", 1);
        Assert.That(Text(Wide), Is.EqualTo("made   1 done, 0 running, 8 waiting, 0 failed   nothing runs\n" +
            "Done: Softmax 1\nGo on: ablation run made\n"));
    }

    [Test]
    public void The_json_has_every_trial_and_reads_back()
    {
        Night();
        var json = SpecJson.Read<StatusJson>(SpecJson.Write(StatusJson.FromState(made.Read())));
        Assert.That(json.Counts["finished"] + json.Counts["running"] + json.Counts["interrupted"] + json.Counts["failed"]
            + json.Counts["skipped"] + json.Counts["waiting"] + json.Counts["damaged"], Is.EqualTo(9));
        Assert.That((json.Counts["failed"], json.Counts["damaged"]), Is.EqualTo((1, 0)));
        var running = json.Trials.Single(trial => trial.Stage == TrialStage.Running && trial.Progress is not null);
        Assert.That((running.Label, running.Seed, running.Progress!.Step, running.Left), Is.EqualTo(("ArcFace", 1, 120L, 380.0)));
        Assert.That(json.End, Is.Not.Null.And.EqualTo(TrialLengths.Estimate(made.Read()).End()));
    }

    [Test]
    public void Following_prints_each_change_once_and_ends_with_the_suite()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var looks = 0;
        var last = WatchCommand.Follow(made.Read, output, () =>
        {
            if (++looks == 2) made.Finish("Softmax", 1);
            if (looks == 4) foreach (var plan in made.Trials) made.Finish(plan.Label, plan.Spec.Seed);
            return looks < 10;
        });
        Assert.That((looks, last?.HasEnded), Is.EqualTo((4, true)));
        var lines = output.ToString().Split('\n');
        Assert.That(lines.Where(line => line.Contains(" totals ", StringComparison.Ordinal)).Select(line => line[21..]), Is.EqualTo(new[]
        {
            "totals suite=made finished=0 running=0 failed=0 waiting=9", "totals suite=made finished=1 running=0 failed=0 waiting=8",
            "totals suite=made finished=9 running=0 failed=0 waiting=0",
        }));
        Assert.That(lines.Count(line => line.Contains(" done loss=", StringComparison.Ordinal)), Is.EqualTo(9));
        Assert.That(lines[1], Is.EqualTo($"2026-01-02T23:04:00Z done loss=Softmax seed=1 trial={made.Id("Softmax", 1)} took_s=100"));
    }

    [Test]
    public void Following_can_be_stopped() => Assert.That(WatchCommand.Follow(made.Read, TextWriter.Null, () => false), Is.Null);

    /// <summary>Writes trials in every state.</summary>
    private void Night()
    {
        made.Finish("untrained", 1, 2);
        made.Finish("Softmax", 1, 600);
        made.Finish("Softmax", 2, 40, diverged: true);
        made.Begin("ArcFace", 1, "a", Now.AddSeconds(-120));
        made.Progress("ArcFace", 1, "a", 120, Now.AddSeconds(-120), Now);
        made.Begin("untrained", 2, "j", Now.AddSeconds(-30), job: "4242_7");
        made.Begin("ArcFace", 2, "b", Now.AddHours(-3));
        made.Progress("ArcFace", 2, "b", 420, Now.AddHours(-3), Now.AddHours(-2));
        made.Checkpoint("ArcFace", 2, 400);
        made.Begin("Softmax", 3, "c", Now.AddHours(-3));
        made.EndAttempt("Softmax", 3, "c", EndReason.OutOfMemory, "8.1 GB asked for, 8 GB allowed", Now.AddHours(-2));
        File.WriteAllText(made.Files("Softmax", 3).Log, "first\nsecond\n\n10 %\r20 %\r\n\u001b[31mkilled\u001b[0m\nlast, torn");
        new SkippedTrials(Now.AddHours(-4), Now.AddHours(-1), [new SkippedTrial(made.Id("ArcFace", 3), "ArcFace", 3, "no time")])
            .Save(made.Store);
        made.Pool("young", Now.AddSeconds(-2), made.Slot(0, "ArcFace", 1), new PoolSlot(1, "cpu", 1, null, null, null));
        made.Pool("gone", Now.AddHours(-30), made.Slot(0, "ArcFace", 2));
    }

    private string Text(StatusLimits limits) =>
        string.Concat(StatusText.Lines(made.Read(), TimeZoneInfo.Utc, limits, "ablation run made").Select(line => line + "\n"));
}
