using System.Text.Json;
using Ablation.Experiments.Suites;
using Ablation.Experiments.Tuning;
using Ablation.Harness.Foundations;
using Ablation.Harness.Training;
using Ablation.Losses;
using Ablation.Losses.Heads;
using Ablation.Losses.Options;

namespace Ablation.Tests.Tuning;

/// <summary>Configurations are reproducible, distinct, equally many for every loss, and in range.</summary>
public sealed class SearchSpaceTests
{
    private static readonly TrainingOptions Training = new();

    [Test]
    public void Draws_are_reproducible_equal_in_number_and_start_with_the_suites_setting()
    {
        using var searched = new SearchedSuite();
        var (one, again) = (searched.Plan.Losses, searched.Plan.Losses);
        Assert.That(one.Select(loss => loss.Configurations.Count), Is.All.EqualTo(6));
        foreach (var (loss, same) in one.Zip(again)) Assert.That(loss.Configurations.Select(Text),
            Is.EqualTo(same.Configurations.Select(Text)).And.Unique);
        foreach (var (loss, own) in one.Zip(searched.Suite.Losses)) Assert.That((loss.Configurations[0].Loss,
            loss.Configurations[0].Training), Is.EqualTo((own, searched.Suite.Trainings[0])));
        var other = TuningPlan.Build(searched.Suite with { Tune = SearchedSuite.Tune with { Seed = 1 } }).Losses;
        Assert.That(other[0].Configurations.Select(Text).Intersect(one[0].Configurations.Select(Text))
            .Count(), Is.EqualTo(1), "only the suite's setting");
    }

    [Test]
    public void A_key_for_all_losses_has_one_value_per_draw()
    {
        using var searched = new SearchedSuite();
        var rates = searched.Plan.Losses.Select(loss => loss.Configurations.Select(one => one.Training.LearningRate).ToList()).ToList();
        Assert.That(rates[0], Is.EqualTo(rates[1]));
        Assert.That(rates[0].Distinct().Count(), Is.EqualTo(6));
    }

    [Test]
    public void The_range_of_a_loss_overrides_that_of_all_losses()
    {
        const string key = "training.learningRate";
        var own = new TuneRange { From = 0.5, To = 0.9 };
        var tune = SearchedSuite.Tune with
        {
            Space = new Dictionary<string, IReadOnlyDictionary<string, TuneRange>>
            {
                [Catalog.NameOf(new NptOptions())] = new Dictionary<string, TuneRange> { [key] = own },
                [SearchSpace.EveryLoss] = new Dictionary<string, TuneRange> { [key] = new() { From = 0.01, To = 0.1 } },
            },
        };
        Assert.That(new SearchSpace(tune, new NptOptions(), "Npt (k 6)", Training).Draw(8, 0).Skip(1)
            .Select(one => one.Training.LearningRate), Is.All.InRange(0.5, 0.9));
        Assert.That(new SearchSpace(tune, new SoftmaxOptions(), "Softmax", Training).Draw(8, 0).Skip(1)
            .Select(one => one.Training.LearningRate), Is.All.InRange(0.01, 0.1));
    }

    [Test]
    public void Ranges_under_a_label_are_of_that_loss_alone_and_override_those_of_its_kind()
    {
        var tune = SearchedSuite.Tune with
        {
            Space = new Dictionary<string, IReadOnlyDictionary<string, TuneRange>>
            {
                ["Npt (k 6)"] = new Dictionary<string, TuneRange> { ["cosineMargin"] = new() { From = 1, To = 1.5 } },
                ["Npt"] = new Dictionary<string, TuneRange> { ["cosineMargin"] = new() { From = 0.1, To = 0.5 } },
            },
        };
        Assert.That(Margins("Npt (k 6)"), Is.All.InRange(1, 1.5));
        Assert.That(Margins("Npt (k 1)"), Is.All.InRange(0.1, 0.5));

        IEnumerable<double> Margins(string label) => new SearchSpace(tune, new NptOptions(), label, Training).Draw(8, 0).Skip(1)
            .Select(one => ((NptOptions)one.Loss).CosineMargin);
    }

    [Test]
    public void Values_fill_their_range_and_stay_in_it()
    {
        var space = Space(new ArcFaceOptions(), ("scale", new() { From = 1, To = 100, Log = true }),
            ("marginRadians", new() { From = 0.2, To = 0.6 }));
        var drawn = space.Draw(400, 0).Skip(1).Select(one => (ArcFaceOptions)one.Loss).ToList();
        Assert.That(drawn.Select(one => one.Scale), Is.All.InRange(1, 100));
        Assert.That(drawn.Select(one => one.MarginRadians), Is.All.InRange(0.2, 0.6));
        Assert.That(drawn.Count(one => one.Scale < 10) / 399.0, Is.EqualTo(0.5)
            .Within(0.08), "half of a logarithmic range is below its geometric mean");
        Assert.That(drawn.Count(one => one.MarginRadians < 0.4) / 399.0, Is.EqualTo(0.5).Within(0.08));
        Assert.That(drawn.Select(one => one.Scale).Max(), Is.GreaterThan(90));
        Assert.That(drawn.Select(one => one.Scale),
            Has.All.Matches<double>(scale => scale.ToString("R").Replace(".", "", StringComparison.Ordinal).TrimStart('0').Length <= 3),
                "three digits: the id must not depend on the last bit of a logarithm");
    }

    [Test]
    public void Whole_numbers_reach_both_ends([Values] bool log)
    {
        var counts = Space(new NptOptions(), ("k", new() { From = 1, To = 4, Log = log }), ("cosineMargin", new() { From = 0, To = 1 }))
            .Draw(200, 0).Skip(1).CountBy(one => ((NptOptions)one.Loss).K.Value).ToDictionary();
        Assert.That(counts.Keys, Is.EquivalentTo(new[] { 1, 2, 3, 4 }));
        Assert.That(counts[1] > counts[4] * 1.4, Is.EqualTo(log));
    }

    [Test]
    public void Listed_values_are_in_the_notation_of_a_suite()
    {
        var space = Space(new NptOptions(), ("k", new() { Of = JsonSerializer.Deserialize<JsonElement[]>("""[1, 5, "all"]""") }),
            ("training.decay.proxies", new() { From = 1e-5, To = 1e-2, Log = true }));
        var drawn = space.Draw(40, 0);
        Assert.That(drawn.Select(one => ((NptOptions)one.Loss).K)
            .Distinct(), Is.EquivalentTo(new NegativeCount[] { 1, 5, NegativeCount.All }));
        Assert.That(drawn.Skip(1).Select(one => one.Training.Decay.Proxies), Is.Unique.And.All.InRange(1e-5, 1e-2));
        Assert.That(drawn.Select(one => one.Training with { Decay = Training.Decay })
            .Distinct(), Is.EqualTo(new[] { Training }), "the rest of the training is unchanged");
    }

    [Test]
    public void A_space_with_fewer_configurations_than_trials_is_refused()
    {
        var space = Space(new NptOptions(), ("k", new() { From = 1, To = 3 }));
        Assert.That(space.Draw(3, 0)
            .Select(one => ((NptOptions)one.Loss).K.Value), Is.EquivalentTo(new[] { 1, 2, 3 }), "k 1 is the suite's setting");
        Assert.That(() => space.Draw(4, 0),
            Throws.TypeOf<SuiteException>(
                ).With.Message.EqualTo(
                    "tune: the space of Npt has 3 different configurations, with the suite's setting, for 4 trials; widen it, or lower " +
                    "trials"));
    }

    [TestCase("margin", 0, 1, false,
        "unknown key \"margin\" of ArcFace; known: scale, marginRadians, gradient, overflow, training.decay.backbone")]
    [TestCase("training.epochs", 1, 9, false, "unknown key \"training.epochs\" of ArcFace")]
    [TestCase("training.batch", 16, 64, false, "unknown key")]
    [TestCase("scale", 0, 64, false, "ArcFace: scale: scale = 0; must be in (0, 1000]")]
    [TestCase("scale", 8, 2000, false, "ArcFace: scale: scale = 2000; must be in (0, 1000]")]
    [TestCase("scale", 0, 64, true, "ArcFace: scale: from 0 on a logarithmic scale; from must be above 0")]
    [TestCase("scale", 8, 8, false, "ArcFace: scale: from 8 to 8; from must be the lower of two numbers")]
    [TestCase("gradient", 0, 1, false, "ArcFace: gradient: is not a number; list its values under of")]
    [TestCase("training.learningRate", 0, 1, false, "ArcFace: training.learningRate: learningRate = 0; must be in (0, 100]")]
    public void A_range_that_does_not_fit_is_refused(string key, double from, double to, bool log, string message) =>
        Assert.That(Space(new ArcFaceOptions(), (key, new() { From = from, To = to, Log = log })).Problems(), Has.Exactly(1)
            .StartsWith(message));

    [Test]
    public void Values_that_do_not_fit_are_refused()
    {
        Assert.That(Space(new NptOptions(), ("k", new() { From = 1, To = 2.5 }))
            .Problems(), Is.EqualTo(new[] { "Npt: k: from 1 to 2.5; both must be whole numbers" }));
        Assert.That(Space(new NptOptions(), ("k", new() { From = 0, To = 3 }))
            .Problems(), Is.EqualTo(new[] { "Npt: k: k = 0; must be at least 1" }));
        Assert.That(Space(new NptOptions(), ("k", new() { Of = JsonSerializer.Deserialize<JsonElement[]>("""[1, "some"]""") }))
            .Problems(), Has.Exactly(1).Contains("a whole number from 1 or \"all\""));
        Assert.That(Space(new NptOptions(), ("k", new() { Of = JsonSerializer.Deserialize<JsonElement[]>("[1]") }))
            .Problems(), Has.Exactly(1).Contains("fewer than two values"));
        Assert.That(Space(new NptOptions(), ("k", new() { From = 1, To = 3, Of = JsonSerializer.Deserialize<JsonElement[]>("[1, 2]") }))
            .Problems(), Has.Exactly(1).Contains("of excludes from, to and log"));
        Assert.That(Space(new NptOptions(), ("k", new() { From = 1 })).Problems(), Has.Exactly(1).Contains("give from and to, or of"));
        Assert.That(Space(new SoftmaxOptions()).Problems(), Has.Exactly(1).StartsWith("Softmax has nothing to search"));
    }

    private static SearchSpace Space(LossOptions loss, params (string Key, TuneRange Range)[] ranges) => new(
        SearchedSuite.Tune with
        {
            Space = new Dictionary<string, IReadOnlyDictionary<string, TuneRange>>
            {
                [Catalog.NameOf(loss)] =
            ranges.ToDictionary(one => one.Key, one => one.Range)
            }
        }, loss, Catalog.NameOf(loss), Training);

    private static string Text(Configuration one) => SpecJson.Write(one.Loss) + SpecJson.Write(one.Training);
}
