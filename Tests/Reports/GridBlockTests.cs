using Ablation.Experiments.Reports.Pages;

namespace Ablation.Tests.Reports;

/// <summary>A table of a page from a CSV of trials.</summary>
[Parallelizable]
public sealed class GridBlockTests
{
    private const string Head = "loss,seed,test,metric,estimator,value,trainings.proxyRateFactor\n";

    private static string Write(string rows, string figure = "accuracy", string columns = "trainings.proxyRateFactor")
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("own.csv"), Head + rows);
        return new GridBlock().Write(["own.csv", figure, "loss", columns], folder.Path);
    }

    [Test]
    public void A_cell_has_mean_deviation_and_number_of_seeds()
    {
        // (0.7 + 0.8) / 2 = 0.75, deviation 0.1 / sqrt 2 = 0.0707; columns by number, not by text
        var text = Write("""
            "Npt (k 1, radius 2)",1,LFW,accuracy,grid,0.7,10
            "Npt (k 1, radius 2)",2,LFW,accuracy,grid,0.8,10
            "Npt (k 1, radius 2)",1,LFW,accuracy,grid,0.6,3
            ArcFace,1,LFW,accuracy,grid,n/a,10
            ArcFace,1,training,turn,degrees,93.4,10

            """);
        Assert.That(text.Split('\n'), Is.EqualTo(new[]
        {
            "", @"| loss \ proxyRateFactor | 3 | 10 |", "| --- | ---: | ---: |", "| ArcFace | n/a | n/a |",
            "| Npt (k 1, radius 2) | 0.600 (1) | 0.750 ± 0.071 (2) |", "", "",
        }));
    }

    [Test]
    public void Degrees_need_no_decimals() =>
        Assert.That(Write("ArcFace,1,training,turn,degrees,93.4,1\nArcFace,2,training,turn,degrees,96.4,1\n", "turn"),
            Does.Contain("| ArcFace | 95 ± 2 (2) |"));

    [TestCase("ArcFace,1,LFW,accuracy,grid,0.7,1\nArcFace,1,LFW,accuracy,exact,0.7,1\n", "accuracy",
        "accuracy of ArcFace, 1, seed 1 occurs 2 times, by LFW: grid; LFW: exact")]
    [TestCase("ArcFace,1,LFW,accuracy,grid,0.7,1\n", "AUC", "own.csv has no figure AUC")]
    public void What_it_cannot_show_is_said(string rows, string figure, string message) =>
        Assert.That(() => Write(rows, figure), Throws.TypeOf<InvalidDataException>().With.Message.Contains(message));

    [Test]
    public void A_missing_column_is_named() => Assert.That(() => Write("", columns: "radius"),
        Throws.TypeOf<InvalidDataException>().With.Message.StartsWith("own.csv has no column radius; it has loss, seed"));
}
