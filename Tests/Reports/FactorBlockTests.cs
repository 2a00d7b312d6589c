using Ablation.Experiments.Reports.Pages;

namespace Ablation.Tests.Reports;

/// <summary>A setting beside the choice of the loss, from a CSV of trials.</summary>
[Parallelizable]
public sealed class FactorBlockTests
{
    private const string Head = "loss,seed,test,metric,estimator,value,trainings.augment.p\n";
    private TemporaryFolder folder = null!;

    [SetUp]
    public void Open() => folder = new TemporaryFolder();

    [TearDown]
    public void Close() => folder.Dispose();

    private string Written(IEnumerable<string> lines)
    {
        File.WriteAllText(folder.File("x.csv"), Head + string.Join("\n", lines) + "\n");
        return new FactorBlock().Write(["x.csv", "rank-1", "trainings.augment.p"], folder.Path);
    }

    /// <summary>A gains 1, 2 and 3 points with seeds 1 to 3, B loses 1 in each; B is 4 above A without.</summary>
    private static IEnumerable<string> Lines() => from seed in Enumerable.Range(1, 3)
                                                  from loss in new[] { "A", "B" }
                                                  from p in new[] { "0", "0.2" }
                                                  let base0 = loss == "A" ? 0.5 : 0.54
                                                  let gain = p == "0" ? 0 : loss == "A" ? seed / 100.0 : -0.01
                                                  select $"{loss},{seed},\"T, 7 px\",rank-1 @ 6k distractors,any mate,{base0 + gain},{p}";

    [Test]
    public void Gains_are_paired_by_loss_and_seed_and_losses_compared_by_their_means()
    {
        var lines = Written(Lines()).Split('\n');
        Assert.That(lines[1],
            Does.StartWith("Gains in points from p 0 to 0.2: the mean over 2 losses, with its 95 % interval over 3 seeds"));
        // means of both losses by seed: 0, 0.5 and 1 point; t of 2 degrees of freedom 4.303 x 0.5 / sqrt(3) = 1.24
        Assert.That(lines[5], Is.EqualTo(
            "| T, 7 px | 52.00 | +0.50 (-0.74 to +1.74) | -1.00 (B) | +2.00 (A) | 4.00 (B, A) | 1.00 (B, A) |"));
    }

    [Test]
    public void What_is_missing_or_not_of_two_values_is_refused()
    {
        Assert.That(() => Written(Lines().Skip(1)), Throws.TypeOf<InvalidDataException>().With.Message.Contains(
            "11 values for 2 losses, 3 seeds and two settings"));
        Assert.That(() => Written(Lines().Append("A,1,\"T, 7 px\",rank-1 @ 6k distractors,any mate,0.5,0.4")),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("the values 0, 0.2, 0.4; two are compared"));
        Assert.That(() => Written(Lines().Select(line => line.Replace(",0.54,", ",n/a,", StringComparison.Ordinal))),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("rank-1 of B, seed 1 is missing"));
    }
}
