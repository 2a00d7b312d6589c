using Ablation.Experiments.Store;
using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;
using Ablation.Harness.Theory;
using Ablation.Harness.Training;
using Ablation.Harness.Training.Checkpoints;
using Ablation.Losses;
using Ablation.Losses.Heads;
using Ablation.Tests.Metrics;
using Ablation.Tests.Training;

namespace Ablation.Tests.Store;

/// <summary>Stored data read back bit for bit.</summary>
public sealed class RoundTripTests
{
    [Test]
    public void Scores_read_back_bit_for_bit()
    {
        using var folder = new TemporaryFolder();
        float[] special = [0f, -0f, float.Epsilon, 1f / 3, 4f, MathF.BitIncrement(1), 1e-38f, 1.17549421e-38f, 3.9999998f, 0.1f,
            16777217f / 16777216];
        var random = new Random(5);
        float[] distances = [.. special, .. Enumerable.Range(0, 2000).Select(_ => 4 * random.NextSingle())];
        var scores = new PairScores("LFW", distances, [.. distances.Select((_, i) => i % 3 == 0)], [.. distances.Select((_, i) => i % 10)],
            10);
        var path = folder.File("scores.npz");
        ScoresFile.Write(path, scores);
        var read = (PairScores)ScoresFile.Read(path, "LFW");
        Assert.Multiple(() =>
        {
            Assert.That(read.SquaredDistance.Select(BitConverter.SingleToInt32Bits),
                Is.EqualTo(distances.Select(BitConverter.SingleToInt32Bits)));
            Assert.That(read.Same, Is.EqualTo(scores.Same));
            Assert.That(read.Fold, Is.EqualTo(scores.Fold));
            Assert.That((read.Test, read.Folds), Is.EqualTo(("LFW", 10)));
        });
    }

    [Test]
    public void Equal_scores_give_equal_files()
    {
        using var folder = new TemporaryFolder();
        var scores = NaiveVerification.Random(3);
        ScoresFile.Write(folder.File("one.npz"), scores);
        ScoresFile.Write(folder.File("two.npz"), scores with { SquaredDistance = [.. scores.SquaredDistance] });
        Assert.That(File.ReadAllBytes(folder.File("one.npz")), Is.EqualTo(File.ReadAllBytes(folder.File("two.npz"))));
    }

    [Test]
    public void History_reads_back_bit_for_bit()
    {
        using var folder = new TemporaryFolder();
        double[] special = [0, -0.0, double.Epsilon, 1.0 / 3, Math.BitIncrement(1), 1e300, -1e-300, 123456789.123456789];
        var history = special.Select((value, i) => new HistoryPoint(i + 1, value, -value, value * 0.7)).ToList();
        var path = folder.File("history.csv");
        File.WriteAllText(path, HistoryCsv.Write(history));
        Assert.That(HistoryCsv.Read(path).Select(Bits), Is.EqualTo(history.Select(Bits)));

        static (long, long, long, long, bool) Bits(HistoryPoint point) => (point.Step, BitConverter.DoubleToInt64Bits(point.Epoch),
            BitConverter.DoubleToInt64Bits(point.LearningRate), BitConverter.DoubleToInt64Bits(point.Loss), point.ImagesPerSecond is null);
    }

    [Test]
    public void Angles_read_back_bit_for_bit_beside_log_points_without_any()
    {
        using var folder = new TemporaryFolder();
        var gap = new LogSumExpGap(1.0 / 7, Math.BitIncrement(0.2));
        var angles = new ProxyAngles(64, new AngleSpread(1.0 / 3, 2, 3, 4), new AngleSpread(5, 6, 7.1, 8), 63.0 / 64, gap);
        HistoryPoint[] history = [new(20, 1, 0.1, 2, Angles: angles), new(40, 2, 0.1, 1),
            new(60, 3, 0.1, 0.5, Angles: angles with { Gap = null })];
        var path = folder.File("history.csv");
        File.WriteAllText(path, HistoryCsv.Write(history));
        Assert.That(HistoryCsv.Read(path), Is.EqualTo(history));
        Assert.That(File.ReadAllLines(path)[..3], Is.EqualTo(new[]
        {
            "step,epoch,learning_rate,loss,samples,own_degrees_p10,own_degrees_p50,own_degrees_p90,own_degrees_mean," +
            "nearest_degrees_p10,nearest_degrees_p50,nearest_degrees_p90,nearest_degrees_mean," +
            "nearest_is_own,logsumexp_gap,logsumexp_gap_bound",
            "20,1,0.1,2,64,0.3333333333333333,2,3,4,5,6,7.1,8,0.984375,0.14285714285714285,0.20000000000000004",
            "40,2,0.1,1,,,,,,,,,,,,",
        }));
        var followed = history.Select((point, i) => point with
        {
            Followed = i == 1 ? null : new Dictionary<string, double> { ["bias"] = -i / 3.0, ["a mean"] = 1e-300 },
        }).ToList();
        File.WriteAllText(path, HistoryCsv.Write(followed));
        var read = HistoryCsv.Read(path);
        Assert.That(read.Select(point => point with { Followed = null }), Is.EqualTo(history), "the rest is as before");
        Assert.That(read.Select(point => point.Followed), Is.EqualTo(followed.Select(point => point.Followed)));
        Assert.That(File.ReadLines(path).First(), Does.EndWith(",followed_a mean,followed_bias"));
        Assert.That(HistoryCsv.Write(history[1..2]), Does.StartWith("step,epoch,learning_rate,loss\n"),
            "a history without angles has no columns for them");
    }

    [Test]
    public void Hinges_and_motion_read_back_bit_for_bit_beside_log_points_without_any()
    {
        using var folder = new TemporaryFolder();
        var angles = new ProxyAngles(64, new AngleSpread(1, 2, 3, 4), new AngleSpread(5, 6, 7, 8), 0.5, null,
            new HingeActivity(1.0 / 3, 2.0 / 3));
        var motion = new ProxyMotion(100.0 / 7, 1.0 / 9, Math.BitIncrement(0.1), 0.25);
        HistoryPoint[] history = [new(20, 1, 0.1, 2, Angles: angles, Motion: motion), new(40, 2, 0.1, 1),
            new(60, 3, 0.1, 0.5, Angles: angles with { Hinges = null }, Motion: motion with { BiasShare = null }),
            new(80, 4, 0.1, 0.5, Angles: angles)];
        var path = folder.File("history.csv");
        File.WriteAllText(path, HistoryCsv.Write(history));
        Assert.That(HistoryCsv.Read(path), Is.EqualTo(history));
        Assert.That(File.ReadLines(path).First(), Does.EndWith(",logsumexp_gap_bound,samples_active,hinges_active," +
            "proxy_degrees_per_epoch,proxies_touched,proxies_effective,bias_share"));
    }

    [Test]
    public void A_result_reads_back_with_its_specification_and_metrics()
    {
        using var folder = new TemporaryFolder();
        var store = new ResultStore(folder.Path);
        var output = ExampleOutput.Of(Tiny.Spec(new NptOptions { K = NegativeCount.All, CosineMargin = 1.0 / 3 }), "Npt", 3);
        store.Save(output);
        var id = output.Result.Id;
        var read = store.Load(id)!;
        Assert.That(SpecJson.Write(read with { Files = null }), Is.EqualTo(SpecJson.Write(output.Result)));
        Assert.That(read.Files!.Keys, Is.EqualTo(new[] { "history.csv", "scores-random.npz" }));
        Assert.That(read.Spec.Id(), Is.EqualTo(id));
        Assert.That(read.Metrics, Is.EqualTo(output.Result.Metrics));
        Assert.That(store.LoadHistory(read), Is.EqualTo(output.History.Select(point => point with { ImagesPerSecond = null })));
        Assert.That(store.LoadScores(read, "random").Pairs().SquaredDistance, Is.EqualTo(output.Pairs().SquaredDistance));
    }

    [Test]
    public void A_diverged_result_keeps_its_details()
    {
        using var folder = new TemporaryFolder();
        var store = new ResultStore(folder.Path);
        var output = ExampleOutput.Diverged(Tiny.Spec(new SoftmaxOptions()), "Softmax");
        store.Save(output);
        var read = store.Load(output.Result.Id)!;
        Assert.That(read.Status, Is.EqualTo(TrialStatus.Diverged));
        Assert.That(SpecJson.Write(read.Divergence), Is.EqualTo(SpecJson.Write(ExampleOutput.Divergence)));
        Assert.That(read.Divergence!.Images, Is.EqualTo(new[] { 3, 1, 2 }));
    }

    [Test]
    public void A_success_removes_the_earlier_failure()
    {
        using var folder = new TemporaryFolder();
        var store = new ResultStore(folder.Path);
        var output = ExampleOutput.Of(Tiny.Spec(new NptOptions()), "Npt", 1);
        var failure = new TrialFailure(output.Result.Id, "Npt", 1, DateTimeOffset.UnixEpoch, "no \"data\"", "at\n line");
        store.Save(failure);
        Assert.That(store.LoadFailure(failure.Id), Is.EqualTo(failure));
        Assert.That(store.Has(failure.Id), Is.False, "a failure is not a result");
        store.Save(output);
        Assert.That(store.LoadFailure(failure.Id), Is.Null);
    }
}
