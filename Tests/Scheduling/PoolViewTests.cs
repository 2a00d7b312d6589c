using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Store;
using Ablation.Experiments.Terminal;
using Ablation.Harness;
using Ablation.Tests.Store;
using Ablation.Tests.Terminal;

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
    public void Events_as_JSON_are_one_object_a_line()
    {
        using var output = new StringWriter { NewLine = "\n" };
        using (var view = new PlainPoolView(output, clock, EventForm.Json))
        {
            Play(view);
            view.WriteLine("said \"so\"");
            view.WriteLine("");
        }

        Golden.Check(output.ToString());
        foreach (var line in output.ToString().TrimEnd('\n').Split('\n'))
            Assert.That(System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("event").GetString(), Is.Not.Empty);
    }

    [Test]
    public void A_run_leaves_a_log_of_the_same_events_from_its_first_trial_on()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var path = Path.Combine(made.Store.Folder, LoggedPoolView.FileName);
        using (var view = new LoggedPoolView(new PlainPoolView(output, clock), made.Store.Folder, clock))
        {
            view.WriteLine("results in here");
            Assert.That(path, Does.Not.Exist, "a run that ends before its first trial leaves nothing");
            Play(view);
            view.WriteLine("report  report.html");
        }

        var lines = output.ToString().Split('\n').SkipWhile(line => !line.Contains(" begin ", StringComparison.Ordinal)).ToList();
        Assert.That(File.ReadAllText(path).Split('\n'), Is.EqualTo(lines.Select(line => line != "report  report.html" ? line
            : $"{clock.Now.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} says text=\"report  report.html\"")));
        var before = File.ReadAllText(path);
        using (var view = new LoggedPoolView(new PlainPoolView(output, clock), made.Store.Folder, clock)) Play(view);
        Assert.That(File.ReadAllText(path), Does.StartWith(before).And.Length.GreaterThan(before.Length), "the next run appends to it");
    }

    [Test]
    public void A_log_that_cannot_be_written_is_said_and_stops_nothing()
    {
        Directory.CreateDirectory(Path.Combine(made.Store.Folder, LoggedPoolView.FileName)); // a folder is in the way
        using var output = new StringWriter { NewLine = "\n" };
        using (var view = new LoggedPoolView(new PlainPoolView(output, clock), made.Store.Folder, clock)) Play(view);
        Assert.That(output.ToString(), Does.Contain("run.log: cannot be written (").And.Contain(" done loss=Softmax"));
    }

    [Test]
    public void Progress_is_printed_once_a_minute_per_trial_and_only_after_a_step()
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var view = new PlainPoolView(output, clock);
        Start(view, 0, "Softmax", 1);
        for (var second = 1; second <= 200; second++)
        {
            clock.Now += TimeSpan.FromSeconds(1);
            view.Progress(0, At(Math.Min(130, second))); // no progress from the 130th on
        }

        Assert.That(output.ToString().Split('\n').Where(line => line.Contains(" progress ", StringComparison.Ordinal))
            .Select(line => line[line.IndexOf("step=", StringComparison.Ordinal)..].Split(' ')[0]),
            Is.EqualTo(new[] { "step=60/500", "step=120/500", "step=130/500" }));
        Assert.That(output.ToString(), Does.EndWith(
            "Z progress loss=Softmax seed=1 step=130/500 loss_value=3.21 img_s=310 left_s=28\n"));
    }

    [Test]
    public void A_terminal_shows_finished_trials_above_the_running_ones([Values(40, 60, 80, 120, 200)] int width)
    {
        var look = new TerminalLook(width, 24, true, true, true);
        using var output = new StringWriter { NewLine = "\n" };
        using (var view = new LivePoolView(TextWriter.Synchronized(output), () => look, clock))
        {
            PlayHalf(view);
            var screen = Until(output, width, "2 running");
            Golden.Check(screen.Text, $"Screen_of_a_run_{width}");
            Assert.That(screen.HasWrapped, Is.False);
        }

        var last = new VirtualScreen(width).Write(output.ToString());
        Assert.That(last.Text, Does.Not.Contain("running").And.Not.Contain("━").And.Not.Contain("░"), "the block is removed at the end");
        Assert.That(last.Lines.Count(line => line.Contains("63.0", StringComparison.Ordinal)), Is.EqualTo(1), "a finished trial stays");
    }

    [Test]
    public void Another_width_leaves_one_block_and_every_finished_trial_once()
    {
        var look = new TerminalLook(120, 24, true, false, true);
        using var output = new StringWriter { NewLine = "\n" };
        using var view = new LivePoolView(TextWriter.Synchronized(output), () => look, clock);
        PlayHalf(view);
        var screen = Until(output, 120, "2 running");
        var before = output.ToString().Length;
        screen = new VirtualScreen(120).Write(output.ToString()[..before]);
        screen.Resize(80);
        look = look with { Width = 80 };
        view.WriteLine("narrower");
        for (var wait = 0; wait < 500 && !output.ToString().Contains("narrower", StringComparison.Ordinal); wait++) Thread.Sleep(20);
        screen.Write(output.ToString()[before..]);
        Assert.That(screen.Lines.Count(line => line.StartsWith("────", StringComparison.Ordinal)), Is.EqualTo(1));
        Assert.That(screen.Lines.Count(line => line.Contains("2 running", StringComparison.Ordinal)), Is.EqualTo(1));
        Assert.That(screen.Lines.Count(line => line.Contains("63.0", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public void A_terminal_without_symbols_gets_ASCII()
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var view = new LivePoolView(TextWriter.Synchronized(output), () => new TerminalLook(80, 24, true, false, false), clock);
        PlayHalf(view);
        var screen = Until(output, 80, "2 running");
        Golden.Check(screen.Text, "Screen_of_a_run_in_ASCII");
        Assert.That(output.ToString(), Does.Not.Contain("\u001b[3"), "no colour");
    }

    /// <summary>Returns the screen once it contains a text.</summary>
    private static VirtualScreen Until(StringWriter output, int width, string text)
    {
        for (var wait = 0; wait < 500; wait++)
        {
            var screen = new VirtualScreen(width).Write(output.ToString());
            if (screen.Text.Contains(text, StringComparison.Ordinal)) return screen;
            Thread.Sleep(20);
        }

        Assert.Fail($"no \"{text}\" in\n{new VirtualScreen(width).Write(output.ToString()).Text}");
        throw new InvalidOperationException();
    }

    /// <summary>One trial done, one failed, two running.</summary>
    private void PlayHalf(IPoolView view)
    {
        view.WriteLine("made · 9 trials");
        view.Begin("made", made.Trials);
        Start(view, 0, "Softmax", 1);
        view.End(0, Result("Softmax", 1), TimeSpan.FromSeconds(320));
        Start(view, 1, "ArcFace", 1);
        view.Stopped(1, made.Plan("ArcFace", 1), EndReason.OutOfMemory, "8 GB asked for", "tried again with half the micro-batch");
        Start(view, 0, "Softmax", 2);
        view.End(0, ExampleOutput.Diverged(made.Plan("Softmax", 2).Spec, "Softmax").Result, TimeSpan.FromSeconds(3));
        Start(view, 0, "ArcFace", 1, fromStep: 100);
        Start(view, 1, "ArcFace", 2);
        view.Progress(0, At(150));
        view.Totals(new PoolTotals(2, 0, 7, clock.Now.AddHours(2), "2 of 9"));
    }

    private void Play(IPoolView view)
    {
        view.WriteLine("made: Does it run?");
        view.Doing("checking the data");
        view.Begin("made", made.Trials);
        view.Totals(new PoolTotals(1, 0, 8));
        Start(view, 0, "Softmax", 1);
        Start(view, 1, "ArcFace", 1, fromStep: 100);
        clock.Now += TimeSpan.FromSeconds(60);
        view.Progress(0, At(50));
        view.Progress(1, At(150));
        view.Progress(1, At(151));
        clock.Now += TimeSpan.FromSeconds(300);
        view.Progress(0, At(500) with { Phase = TrialPhase.Evaluating });
        view.End(0, Result("Softmax", 1), TimeSpan.FromSeconds(320));
        view.Totals(new PoolTotals(2, 0, 7, clock.Now.AddHours(2), "2 of 9"));
        view.Totals(new PoolTotals(2, 0, 7, clock.Now.AddHours(3), "2 of 9"));
        view.Stopped(1, made.Plan("ArcFace", 1), EndReason.OutOfMemory, "8 GB \"asked\" for", "tried again with half the micro-batch");
        Start(view, 0, "Softmax", 2);
        view.End(0, ExampleOutput.Diverged(made.Plan("Softmax", 2).Spec, "Softmax").Result, TimeSpan.FromSeconds(3));
        Start(view, 1, "ArcFace", 2);
        view.Stopped(1, made.Plan("ArcFace", 2), EndReason.Interrupted, "", "resumes at the next run");
        Start(view, 1, "ArcFace", 3);
        view.Stopped(1, made.Plan("ArcFace", 3), EndReason.Failed, "no such folder", "given up");
        view.Totals(new PoolTotals(3, 1, 0));
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
