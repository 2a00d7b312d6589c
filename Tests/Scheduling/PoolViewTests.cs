using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Store;
using Ablation.Harness;
using Ablation.Tests.Store;
using Spectre.Console;

namespace Ablation.Tests.Scheduling;

/// <summary>The output of a pool of two slots to a file and to a terminal, with a fake clock.</summary>
public sealed class PoolViewTests
{
    private HandMadeSuite made = null!;
    private Clock clock = null!;

    [SetUp]
    public void Make() => (made, clock) = (new HandMadeSuite(), new Clock());

    [TearDown]
    public void Remove() => made.Dispose();

    [Test]
    public void Lines_of_a_pool_in_a_file()
    {
        using var output = new StringWriter { NewLine = "\n" };
        using (var view = new PlainPoolView(output, clock)) Play(view);
        Golden.Check(output.ToString());
    }

    [Test]
    public void One_slot_prints_one_trial_after_another()
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var view = new PlainPoolView(output, clock);
        Start(view, 0, "Softmax", 1);
        view.End(0, Result("Softmax", 1), TimeSpan.FromSeconds(12.4));
        var lines = output.ToString().Split('\n');
        Assert.That(lines[0],
            Is.EqualTo($"[2/9] Softmax, Small (width 4, embeddingDimension 16), 16 px, seed 1  ({made.Id("Softmax", 1)})"));
        Assert.That(lines[1], Does.Match(@"^    random accuracy \d+\.\d\d % \(10-fold, grid\)  in 12 s$"));
    }

    [Test]
    public void Progress_is_printed_every_ten_seconds_per_slot_and_only_after_a_step()
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var view = new PlainPoolView(output, clock);
        Start(view, 0, "Softmax", 1);
        for (var second = 1; second <= 35; second++)
        {
            clock.Now += TimeSpan.FromSeconds(1);
            view.Progress(0, At(Math.Min(20, second))); // no progress from the 20th on
        }

        Assert.That(output.ToString().Split('\n').Count(line => line.Contains("step", StringComparison.Ordinal)), Is.EqualTo(2));
        Start(view, 1, "ArcFace", 1);
        clock.Now += TimeSpan.FromSeconds(15);
        view.Progress(1, At(50));
        Assert.That(output.ToString(), Does.Not.Contain("step 50"), "two slots take turns: twenty seconds each");
        clock.Now += TimeSpan.FromSeconds(5);
        view.Progress(1, At(50));
        Assert.That(output.ToString(), Does.Contain("\n    epoch 1.0  step 50/500  310 images/s  loss 3.2100  left 1.5 min\n"));
    }

    [Test]
    public void A_terminal_keeps_messages_and_removes_the_rows_at_the_end()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(output)
        });
        console.Profile.Width = 200;
        using (var view = new LivePoolView(console, clock)) Play(view);
        var text = output.ToString();
        var last = text[(text.LastIndexOf("suite:", StringComparison.Ordinal))..];
        Assert.That(last,
            Does.Contain("accuracy").And.Contains(
                "FAILED ArcFace, seed 1: out of memory: 8 GB asked for; tried again with half the micro-batch"));
        Assert.That(text, Does.EndWith("\u001b[?25h"), "the cursor is shown again");
    }

    private void Play(IPoolView view)
    {
        view.WriteLine("suite: 9 trials");
        view.Totals(1, 0, 8, null);
        Start(view, 0, "Softmax", 1);
        Start(view, 1, "ArcFace", 1, fromStep: 100);
        clock.Now += TimeSpan.FromSeconds(20);
        view.Progress(0, At(50));
        view.Progress(1, At(150));
        view.Progress(1, At(151));
        clock.Now += TimeSpan.FromSeconds(300);
        view.Progress(0, At(500) with { Phase = TrialPhase.Evaluating });
        view.End(0, Result("Softmax", 1), TimeSpan.FromSeconds(320));
        view.Totals(2, 0, 7, clock.Now.AddHours(2));
        view.Totals(2, 0, 7, clock.Now.AddHours(3));
        view.Stopped(1, made.Plan("ArcFace", 1), EndReason.OutOfMemory, "8 GB asked for", "tried again with half the micro-batch");
        Start(view, 0, "Softmax", 2);
        view.End(0, ExampleOutput.Diverged(made.Plan("Softmax", 2).Spec, "Softmax").Result, TimeSpan.FromSeconds(3));
        Start(view, 1, "ArcFace", 2);
        view.Stopped(1, made.Plan("ArcFace", 2), EndReason.Interrupted, "", "resumes at the next run");
        Start(view, 1, "ArcFace", 3);
        view.Stopped(1, made.Plan("ArcFace", 3), EndReason.Failed, "no such folder", "given up");
    }

    private void Start(IPoolView view, int slot, string label, int seed, long fromStep = 0)
    {
        var plan = made.Plan(label, seed);
        view.Start(slot, made.Trials.ToList().IndexOf(plan) + 1, made.Trials.Count, plan, plan.Spec.Id(), fromStep);
    }

    private TrialResult Result(string label, int seed) => ExampleOutput.Of(made.Plan(label, seed).Spec, label, 1).Result;

    private TrialProgress At(long step) =>
        new("a", TrialPhase.Training, step, 500, step / 50.0, 3.21, 310, clock.Now.AddSeconds(-10), clock.Now, clock.Now, 1 << 30);

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = HandMadeSuite.Now;

        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => Now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.UtcTicks;
    }
}
