using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Store;
using Ablation.Harness.Training.Checkpoints;

namespace Ablation.Tests.Store;

/// <summary>The curve of a running trial: what a reader of its file sees, also after a kill.</summary>
public sealed class LiveCurveTests
{
    private TemporaryFolder folder = null!;

    private string Path => folder.File("curve.csv");

    [SetUp]
    public void Make() => folder = new TemporaryFolder();

    [TearDown]
    public void Remove() => folder.Dispose();

    [Test]
    public void A_reader_sees_each_point_at_once_and_exactly()
    {
        using var curve = LiveCurve.Begin(Path, 0);
        Assert.That(LiveCurve.Read(Path), Is.Empty);
        LiveCurve.Add(curve, new CurvePoint(20, 1 / 3.0));
        Assert.That(LiveCurve.Read(Path), Is.EqualTo(new[] { new CurvePoint(20, 1 / 3.0) }));
        LiveCurve.Add(curve, new CurvePoint(40, double.NaN));
        Assert.That(LiveCurve.Read(Path).Select(point => point.Step), Is.EqualTo(new[] { 20, 40 }));
    }

    [Test]
    public void A_resumed_training_drops_the_points_that_it_passes_again_and_half_a_line()
    {
        File.WriteAllText(Path, "20,3.5\n40,3\n60,2.5\n80,2");
        Assert.That(LiveCurve.Read(Path).Select(point => point.Step), Is.EqualTo(new[] { 20, 40, 60 }), "the last line has no end");
        using (var curve = LiveCurve.Begin(Path, 40)) LiveCurve.Add(curve, new CurvePoint(60, 2.4));
        Assert.That(LiveCurve.Read(Path), Is.EqualTo(new[] { new CurvePoint(20, 3.5), new CurvePoint(40, 3), new CurvePoint(60, 2.4) }));
        LiveCurve.Begin(Path, 0).Dispose();
        Assert.That(LiveCurve.Read(Path), Is.Empty, "a training that starts over");
    }

    [Test]
    public void A_file_that_cannot_be_written_is_said_once_and_stops_nothing()
    {
        Directory.CreateDirectory(Path); // a folder is in the way
        var inner = new RecordedWatch();
        using var watch = new CurveWatch(Path, inner);
        watch.Start(0, 100, 0);
        watch.LogPoint(new HistoryPoint(20, 0.2, 0.1, 3), 100);
        watch.LogPoint(new HistoryPoint(40, 0.4, 0.1, 2), 100);
        Assert.That(inner.Lines, Has.Count.EqualTo(1).And.One.StartsWith("ablation serve will not draw this trial's curve: "));
        Assert.That(inner.Points, Is.EqualTo(2), "the watch behind it is called all the same");
    }

    private sealed class RecordedWatch : Harness.Training.ITrialWatch
    {
        public List<string> Lines { get; } = [];

        public int Points { get; private set; }

        public void Report(string line) => Lines.Add(line);

        public void Start(long step, long steps, double epoch)
        {
        }

        public void Step(long step)
        {
        }

        public void LogPoint(HistoryPoint point, long steps) => Points++;

        public void Saved(long step)
        {
        }

        public void Test(string name)
        {
        }
    }
}
