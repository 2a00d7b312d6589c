using System.Text.RegularExpressions;
using Ablation.Experiments.Reports;
using Ablation.Experiments.Reports.Figures;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness;
using Ablation.Harness.Metrics;
using Ablation.Losses;
using Ablation.Tests.Scheduling;
using Ablation.Tests.Store;

namespace Ablation.Tests.Reports;

/// <summary>results/example is the report of generated results. UPDATE_GOLDEN=1 writes it again.</summary>
[Parallelizable]
public sealed partial class ExampleReportTests
{
    private const int Pairs = 1000, MostPictures = 2, MostBytes = 300_000;
    private static readonly string Example = Path.Combine(Repository.Root, "results", "example");

    /// <summary>Difference of impostor and genuine distances, in standard deviations of a pair's distance.</summary>
    private static readonly Dictionary<string, double> Separation = new()
    {
        [Labels.Untrained] = 0.8,
        ["Softmax"] = 2.6,
        ["CosFace"] = 3.0,
        ["ArcFace"] = 3.1,
        ["Npt"] = 2.7,
    };

    [TestCase("report.md")]
    [TestCase("summary.csv")]
    [TestCase("table.tex")]
    public void The_example_equals_what_the_program_writes(string file)
    {
        using var folder = new TemporaryFolder();
        var store = Write(folder.File("example"));
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1") Update(store);
        Assert.That(File.ReadAllText(Path.Combine(Example, file)).ReplaceLineEndings("\n"),
            Is.EqualTo(File.ReadAllText(Path.Combine(store.Folder, file))), "read the difference; UPDATE_GOLDEN=1 accepts it");
    }

    [Test]
    public void The_example_is_small_and_contains_all_its_pictures()
    {
        var files = Directory.GetFiles(Example, "*", SearchOption.AllDirectories);
        Assert.That(files.Sum(file => new FileInfo(file).Length), Is.LessThan(MostBytes));
        var pictures = Directory.GetFiles(Path.Combine(Example, DrawnFigure.Folder)).Select(file => Path.GetFileName(file)).ToList();
        Assert.That(pictures, Has.Count.LessThanOrEqualTo(MostPictures));
        Assert.That(Picture().Matches(File.ReadAllText(Path.Combine(Example, "report.md"))).Select(match => match.Groups[1].Value),
            Is.EquivalentTo(pictures));
    }

    private static ResultStore Write(string folder)
    {
        var suite = TinySuite.Of(new SoftmaxOptions(), new CosFaceOptions(), new ArcFaceOptions(), new NptOptions()) with
        {
            Name = "example",
            Question = "What does a report look like? No network was trained for this page: all of its scores are made up.",
            Seeds = [1, 2, 3],
            Untrained = true,
            Figures = [new MetricByLossOptions(), new RocOptions()],
        };
        var store = new ResultStore(folder);
        foreach (var trial in suite.Trials()) store.Save(Output(trial));
        SuiteReport.Write(suite, store);
        return store;
    }

    private static TrialOutput Output(PlannedTrial trial)
    {
        var random = new Random((100 * trial.Spec.Seed) + trial.Label.Length);
        var separation = Separation[trial.Label] + (0.05 * trial.Spec.Seed);
        var (distance, same, fold) = (new float[Pairs], new bool[Pairs], new int[Pairs]);
        for (var i = 0; i < Pairs; i++)
        {
            (same[i], fold[i]) = (i % 2 == 0, i % 10);
            distance[i] = (float)Math.Clamp(2 + (0.25 * (Normal(random) - (same[i] ? separation : 0))), 0, 4);
        }

        var scores = new PairScores("made-up pairs", distance, same, fold, 10);
        var output = ExampleOutput.Of(trial.Spec, trial.Label, trial.Label.Length, trial.Label == Labels.Untrained
            ? ExampleOutput.Pairing with { Batches = null } : null);
        return output with
        {
            Result = output.Result with { Metrics = VerificationMetrics.Metrics(scores, VerificationMetrics.FalseAcceptRates) },
            Scores = [scores]
        };
    }

    /// <summary>Returns a nearly normal number from sums only, with the same bits on every machine.</summary>
    private static double Normal(Random random) => Enumerable.Range(0, 12).Sum(_ => random.NextDouble()) - 6;

    private static void Update(ResultStore store)
    {
        foreach (var file in new[] { "report.md", "summary.csv", "table.tex" })
            File.Copy(Path.Combine(store.Folder, file), Path.Combine(Example, file), overwrite: true);
        var plots = Directory.CreateDirectory(Path.Combine(Example, DrawnFigure.Folder)).FullName;
        foreach (var picture in Directory.GetFiles(Path.Combine(store.Folder, DrawnFigure.Folder), "*.png"))
            File.Copy(picture, Path.Combine(plots, Path.GetFileName(picture)), overwrite: true);
    }

    [GeneratedRegex(@"\]\(plots/([^)]+)\)")]
    private static partial Regex Picture();
}
