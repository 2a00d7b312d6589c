using Ablation.Experiments.Evaluating;
using Ablation.Harness.Metrics;
using Ablation.Tests.Metrics;

namespace Ablation.Tests.Evaluating;

/// <summary>Curve files contain the curves of the scores.</summary>
public sealed class CurveFilesTests
{
    [Test]
    public void A_test_of_pairs_has_its_roc()
    {
        using var folder = new TemporaryFolder();
        var scores = NaiveVerification.Random(4);
        var lines = File.ReadAllLines(CurveFiles.Write(folder.Path, scores)!);
        var points = RocCurve.Build(scores)!.Points;
        Assert.That(lines[0].Replace("\"", "", StringComparison.Ordinal), Is.EqualTo("far,tar"));
        Assert.That(lines[1..]
            .Select(line => line.Split(',').Select(double.Parse).ToArray()),
            Is.EqualTo(points.Select(point => new[] { point.Far, point.Tar })));
    }

    [Test]
    public void An_identification_test_has_one_CMC_per_level()
    {
        using var folder = new TemporaryFolder();
        // three probes of one mate each; 0, 1, 4 others rank before it with ten distractors, and 0, 2, 200 with a thousand
        var scores = new IdentificationScores("1:N", MateRule.Any, [1, 1, 1], [0.9, 0.5, 0.1], [0, 0, 1, 2, 4, 200],
            [0.2, 0.3, 0.6, 0.7, 0.3, 0.4], [[], []], [10, 1000], [1]);
        var lines = File.ReadAllLines(CurveFiles.Write(folder.Path, scores)!)[1..];
        Assert.That(lines, Has.Length.EqualTo(110), "a mate and ten distractors have ten ranks; the thousand are cut at 100");
        Assert.That(lines[0], Is.EqualTo($"10,1,{1.0 / 3:R}"));
        Assert.That((lines[1], lines[3], lines[4]), Is.EqualTo(($"10,2,{2.0 / 3:R}", $"10,4,{2.0 / 3:R}", "10,5,1")));
        Assert.That((lines[10], lines[11], lines[12], lines[109]),
            Is.EqualTo(($"1000,1,{1.0 / 3:R}", $"1000,2,{1.0 / 3:R}", $"1000,3,{2.0 / 3:R}", $"1000,100,{2.0 / 3:R}")));
    }

    [Test]
    public void Scores_without_a_curve_give_no_file()
    {
        using var folder = new TemporaryFolder();
        Assert.That(CurveFiles.Write(folder.Path, new PairScores("one class", [1, 2], [true, true], [0, 0], 1)), Is.Null);
        Assert.That(Directory.GetFiles(folder.Path), Is.Empty);
    }
}
