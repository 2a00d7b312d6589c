using Ablation.Experiments.Reports;
using Ablation.Experiments.Reports.Figures;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Suites;
using Ablation.Harness.Metrics;
using Ablation.Losses;
using Ablation.Losses.Heads;
using Ablation.Losses.Options;
using Ablation.Tests.Reports.Plots;
using Ablation.Tests.Suites;
using Ablation.Tests.Training;

namespace Ablation.Tests.Reports.Figures;

/// <summary>A suite's figures, and their notes where they cannot be drawn.</summary>
[Parallelizable]
public sealed class FigureOptionsTests
{
    private static readonly HeatMapOptions Map = new()
    {
        X = "losses.cosineMargin",
        Y = "losses.scale",
        Test = "random",
        Metric = "accuracy",
        Estimator = "10-fold, grid"
    };

    [Test]
    public void Figures_are_found_by_reflection() =>
        Assert.That(Catalog.RecordsOf<FigureOptions>().Keys,
            Is.SupersetOf(new[] { "Cmc", "Det", "Forest", "HeatMap", "MetricByAxis", "MetricByLoss", "Roc", "ScoreDistributions",
                "TrainingCurves" }));

    [Test]
    public void Every_kind_of_figure_is_drawn() =>
        Assert.That(Catalog.RecordsOf<FigureOptions>().Values.Where(kind => !kind.IsSubclassOf(typeof(DrawnFigure))), Is.Empty);

    [Test]
    public void A_heat_map_shows_the_mean_of_each_cell_or_why_it_is_empty()
    {
        using var store = new FigureStore(Map);
        store.Report();
        Assert.That(store.Plots(), Is.EqualTo(new[] { "heat-map-losses-cosinemargin-losses-scale-random-accuracy-10-fold-grid" }),
            "and no other figure");
        var texts = PictureOutline.Texts(store.Svg(store.Plots()[0]));
        foreach (var batch in new[] { 16, 32 })
        {
            string Mean(double scale, double margin) =>
                store.Accuracy(trial => trial.Spec.Training.Batch == batch && trial.Spec.Loss is CosFaceOptions cosFace
                    && cosFace.Scale == scale && cosFace.CosineMargin == margin);
            Assert.That(texts, Does.Contain(Mean(16, 0.1)).And.Contain(Mean(8, 0.1)), $"batch {batch}");
        }

        Assert.That(texts.Count(text => text == "diverged"), Is.EqualTo(1));
        Assert.That(texts.Count(text => text == "not run"), Is.EqualTo(1));
        Assert.That(texts.Count(text => text == "2 of 3"), Is.EqualTo(2));
        Assert.That(texts, Does.Contain("random, batch 16, learningRate 0.1").And.Contain("random, batch 32, learningRate 0.2"),
            "one panel each");
    }

    [Test]
    public void Smaller_numbers_are_left_and_below()
    {
        using var store = new FigureStore(Map);
        store.Report();
        var texts = PictureOutline.Texts(store.Svg(store.Plots()[0])).ToList();
        Assert.That(texts.IndexOf(store.Accuracy(trial => trial.Spec.Training.Batch == 16
            && trial.Spec.Loss is CosFaceOptions { Scale: 8, CosineMargin: 0.1 })), Is.LessThan(texts.IndexOf("diverged")),
            "cells are drawn row by row from the bottom");
        Assert.That(SettingPaths.Ordered(["all", "10", "2", "0.5", "a"]), Is.EqualTo(new[] { "0.5", "2", "10", "a", "all" }));
    }

    [Test]
    public void A_line_runs_over_a_training_setting_and_merges_dependent_settings()
    {
        using var store = new FigureStore(new MetricByAxisOptions { X = "trainings.batch", Along = ["trainings.learningRate"] });
        var page = store.Report();
        Assert.That(store.Plots(), Has.Count.EqualTo(1));
        var texts = PictureOutline.Texts(store.Svg(store.Plots()[0]));
        Assert.That(texts,
            Does.Contain("16").And.Contain("32").And.Contain("Softmax").And.Contain("CosFace (scale 16, cosineMargin 0.1)").And.Contain(
                "batch").And.Not.Contain(Labels.Untrained));
        Assert.That(page, Does.Contain("over batch, mean over seeds with its 95 % t interval"));

        using var apart = new FigureStore(new MetricByAxisOptions { X = "trainings.batch" });
        Assert.That(apart.Report(), Does.Contain("figure MetricByAxis: random has no two values of trainings.batch").And.Contain("along"));
    }

    [Test]
    public void A_line_over_an_option_of_the_losses_joins_losses_of_one_type()
    {
        using var store = new FigureStore(new MetricByAxisOptions { X = "losses.cosineMargin" });
        store.Report();
        Assert.That(store.Plots(), Has.Count.EqualTo(2), "one figure per training");
        var texts = PictureOutline.Texts(store.Svg(store.Plots()[0]));
        Assert.That(texts, Does.Contain("scale 16").And.Contain("scale 8").And.Contain("0.1").And.Contain("0.3").And.Not.Contain("Softmax"),
            "Softmax has no such option");
    }

    [Test]
    public void Resolutions_of_a_test_can_be_an_axis()
    {
        using var stored = new StoredSuite();
        foreach (var (trial, output) in stored.Outputs())
        {
            List<PairScores> cells = [.. new[] { (Probe: 8, Name: "8"), (Probe: 0, Name: "native") }.Select(cell =>
                ((PairScores)output.Scores[0]) with { Test = $"LFW, native x {cell.Name} px (synthetic)", GalleryPixels = 0,
                    ProbePixels = cell.Probe, SquaredDistance = Noisy((PairScores)output.Scores[0], cell.Probe) })];
            stored.Store.Save(output with
            {
                Scores = cells,
                Result = output.Result with { Metrics = [.. cells.SelectMany(cell => cell.Metrics())] }
            });
        }

        FigureOptions[] figures = [new HeatMapOptions { X = "test.probePixels", Y = "resolutions" }];
        SuiteReport.Write(stored.Suite with { Figures = figures }, stored.Store);
        var texts = PictureOutline.Texts(File.ReadAllText(Directory.GetFiles(Path.Combine(stored.Store.Folder, "plots"), "*.svg")
            .Single()));
        Assert.That(texts,
            Does.Contain("LFW, low resolution (synthetic), Softmax").And.Contain("probe resolution (px)").And.Contain(
                "network resolution (px)").And.Contain("8").And.Contain("native"));
        foreach (var resolution in new[] { 16, 32 })
        {
            var values = stored.Suite.Trials().Where(trial => trial.Label == "Npt" && trial.Spec.Resolution == resolution)
                .Select(trial => stored.Store.LoadScores(stored.Store.Load(trial.Spec.Id())!, "LFW, native x 8 px (synthetic)").Metrics()
                    .First(metric => metric.Name == "accuracy").Value!.Value);
            Assert.That(texts, Does.Contain(ValueFormat.Percent.Text(values.Average())), $"{resolution} px");
        }

        static float[] Noisy(PairScores scores, int probe) =>
            [.. scores.SquaredDistance.Select((distance, i) => probe == 0 ? distance : Math.Clamp(distance + 0.4f * (i % 5 - 2), 0, 4))];
    }

    [Test]
    public void An_unknown_test_or_metric_gives_a_note_with_the_known_ones()
    {
        FigureOptions[] figures =
        [
            new RocOptions { Test = "LWF" }, new ForestOptions { Metric = "acuracy" }, Map with { Test = "CFP" },
                Map with { Estimator = "11-fold" }, new MetricByAxisOptions { X = "test.probePixels", Test = "random" },
        ];
        using var store = new FigureStore(figures);
        var page = store.Report();
        Assert.That(page, Does.Contain("figure Roc: no result has the test \"LWF\"; known: \"random\""));
        Assert.That(page, Does.Contain("figure Forest: no result has the metric acuracy; known: accuracy (10-fold, grid)"));
        Assert.That(page,
            Does.Contain("figure HeatMap: no result has the test \"CFP\"").And.Contain(
                "figure HeatMap: no result has the metric accuracy (11-fold)"));
        Assert.That(page, Does.Contain("figure MetricByAxis: no trial has both test.probePixels for random"));
        Assert.That(Directory.Exists(Path.Combine(store.Store.Folder, "plots")), Is.False);
    }

    [Test]
    public void A_suite_without_figures_gets_the_default_ones()
    {
        using var store = new FigureStore(null);
        store.Report();
        Assert.That(store.Plots().Select(name => name.Split('-')[0])
            .Distinct(), Is.EquivalentTo(new[] { "accuracy", "roc", "forest", "scores", "training" }));
        var many = store.Suite with
        {
            Trainings = [.. Enumerable.Range(1, SuiteFigures.ManyConditions + 1)
            .Select(epochs => store.Suite.Trainings[0] with { Epochs = epochs })]
        };
        Assert.That(SuiteFigures.For(many)
            .Select(figure => figure.GetType()),
            Is.EqualTo(new[] { typeof(MetricByLossOptions), typeof(RocOptions), typeof(TrainingCurvesOptions) }));
    }

    [Test]
    public void Problems_of_all_figures_are_reported_at_once()
    {
        const string figures = """
            "figures": [
              { "type": "HeatMap", "x": "losses.scal", "y": "trainings.batch" },
              { "type": "MetricByAxis", "x": "data.identities", "along": ["data.images"] },
              { "type": "ScoreDistributions", "losses": ["Arcface"] },
              { "type": "HeatMap", "x": "resolutions", "y": "resolutions" }
            ],
            "seeds"
            """;
        var lines = SuiteText.Problem("\"seeds\"", figures).Split('\n');
        Assert.That(lines, Has.Length.EqualTo(4));
        Assert.That(lines[0],
            Does.StartWith("own.jsonc: figures: HeatMap: no trial has the setting \"losses.scal\"; known: ").And.Contain(
                "losses.marginRadians").And.Not.Contain("trainings."));
        Assert.That(lines[1],
            Does.StartWith("own.jsonc: figures: MetricByAxis: no trial has the setting \"data.images\"; known: ").And.Contain(
                "data.identities"));
        Assert.That(lines[2],
            Is.EqualTo("own.jsonc: figures: ScoreDistributions: \"Arcface\" is none of the losses; known: untrained, Softmax, ArcFace"));
        Assert.That(lines[3], Is.EqualTo("own.jsonc: figures: HeatMap: x and y are both \"resolutions\"; name two settings"));
    }

    [TestCase("{ \"type\": \"Pie\" }", "unknown figure \"Pie\"; known: Cmc, ")]
    [TestCase("{ \"type\": \"HeatMap\", \"x\": \"resolutions\" }", "missing 'y'")]
    [TestCase("{ \"type\": \"Cmc\", \"ranks\": 1 }", "ranks = 1; must be in [2, 1000]")]
    [TestCase("{ \"type\": \"Roc\", \"tests\": [] }", "unknown key \"tests\"")]
    public void An_invalid_figure_is_refused_with_its_line(string figure, string message) =>
        Assert.That(SuiteText.Refusal("\"seeds\"", $"\"figures\": [{figure}], \"seeds\""),
            Does.StartWith("own.jsonc(").And.Contain(message));

    [Test]
    public void Settings_are_found_by_their_path_in_the_suite()
    {
        var settings = new SettingPaths().Read(Tiny.Spec(new NptOptions { K = NegativeCount.All }));
        Assert.That(settings["losses.type"], Is.EqualTo("Npt"));
        Assert.That(settings["losses.k"], Is.EqualTo("all"));
        Assert.That(settings["backbones.embeddingDimension"], Is.EqualTo("16"));
        Assert.That(settings["resolutions"], Is.EqualTo("16"));
        Assert.That(settings["data.identities"], Is.EqualTo("8"));
        Assert.That(settings["trainings.decay.proxies"], Is.EqualTo("0.0005"));
        Assert.That(settings["trainings.clipNorm"], Is.EqualTo("none"));
        Assert.That(settings.Keys, Has.None.StartsWith("seed").And.None.StartsWith("tests"));
    }
}
