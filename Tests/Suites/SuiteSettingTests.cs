using Ablation.Experiments.Suites;
using Ablation.Harness.Faces.Synthetic;
using Ablation.Harness.Networks;
using Ablation.Harness.Training;
using Ablation.Losses;

namespace Ablation.Tests.Suites;

/// <summary>--set and "set" change one value by its path, or say why they do not.</summary>
[Parallelizable]
public sealed class SuiteSettingTests
{
    [Test]
    public void A_value_of_a_list_is_set_in_every_entry_that_has_it()
    {
        var suite = Set("losses.scale=32", "trainings.epochs=7", "trainings.schedule.floor=0.2", "data.identities=12");
        Assert.Multiple(() =>
        {
            Assert.That(suite.Losses, Is.EqualTo(new LossOptions[]
            {
                new SoftmaxOptions(), new ArcFaceOptions { Scale = 32, MarginRadians = 0.4 },
            }), "Softmax has no scale");
            Assert.That(suite.Trainings.Single().Epochs, Is.EqualTo(7));
            Assert.That(suite.Trainings.Single().Schedule, Is.EqualTo(new CosineOptions { Floor = 0.2 }));
            Assert.That(suite.DataSet, Is.EqualTo(new SyntheticOptions { Identities = 12, ImagesPerIdentity = 8, Resolution = 32 }));
            Assert.That(suite.Source!.Settings, Has.Count.EqualTo(4));
        });
    }

    [TestCase("losses.ArcFace.marginRadians=0.3")]
    [TestCase("losses.arcface.marginRadians=0.3")]
    [TestCase("losses.1.marginRadians=0.3")]
    [TestCase("losses.marginRadians = 0.3")]
    public void An_entry_is_chosen_by_its_type_or_number(string setting) =>
        Assert.That(((ArcFaceOptions)Set(setting).Losses[1]).MarginRadians, Is.EqualTo(0.3));

    [Test]
    public void Several_values_are_a_list_or_a_sweep()
    {
        Assert.That(Set("resolutions=16,32").Resolutions, Is.EqualTo(new[] { 16, 32 }));
        Assert.That(Set("seeds=4").Seeds, Is.EqualTo(new[] { 4 }));
        Assert.That(Set("seeds=[4,5]").Seeds, Is.EqualTo(new[] { 4, 5 }));
        Assert.That(Labels.Of(Set("losses.ArcFace.overflow=easy,clamp").Losses),
            Is.EqualTo(new[] { "Softmax", "ArcFace (overflow easy)", "ArcFace (overflow clamp)" }));
        Assert.That(Set("trainings.head.partialRate=0.5,1").Trainings.Select(training => training.Head.PartialRate),
            Is.EqualTo(new[] { 0.5, 1 }));
        Assert.That(Set("backbones.embeddingDimension={\"from\": 16, \"to\": 64, \"steps\": 3, \"log\": true}").Networks(),
            Has.Count.EqualTo(3));
    }

    [TestCase("question=\"a, b\"", "a, b")]
    [TestCase("question=Is it better?", "Is it better?")]
    public void Text_needs_no_quotes_unless_it_has_a_comma(string setting, string question) =>
        Assert.That(Set(setting).Question, Is.EqualTo(question));

    [Test]
    public void In_a_suite_of_conditions_the_lists_are_theirs()
    {
        var given = SuiteText.Good
            .Replace("\"backbones\": [{ \"type\": \"Small\", \"width\": 4, \"embeddingDimension\": 16 }],", "", StringComparison.Ordinal)
            .Replace("\"resolutions\": [16],", "", StringComparison.Ordinal)
            .Replace("\"trainings\": [", "\"conditions\": [{ \"backbone\": { \"type\": \"Small\" }, \"resolution\": 16, \"training\":",
                StringComparison.Ordinal)
            .Replace("\"floor\": 0.1 } }", "\"floor\": 0.1 } } }", StringComparison.Ordinal);
        var suite = Set(given, "trainings.epochs=9", "resolutions=32", "backbones.width=6");
        Assert.That(suite.Conditions().Select(one => (one.Training.Epochs, one.Resolution, one.Backbone)),
            Is.EqualTo(new[] { (9, 32, (BackboneOptions)new SmallOptions { Width = 6 }) }));
    }

    [TestCase("trainings.epoch=5", "--set trainings.epoch=5: trainings.epoch: no \"epoch\"; did you mean epochs?")]
    [TestCase("traning.epochs=5", "no \"traning\"; did you mean trainings?")]
    [TestCase("losses.ArcFaec.scale=5", "no \"ArcFaec\"; did you mean ArcFace?")]
    [TestCase("losses.Softmax.scale=5", "losses.Softmax.scale: no \"scale\"; known: ")]
    [TestCase("question.deep=5", "no \"deep\"; what is before it is a single value")]
    [TestCase("trainings.epochs", "must be PATH=VALUE, such as trainings.epochs=5")]
    [TestCase("=5", "must be PATH=VALUE")]
    [TestCase("trainings.epochs=", "must be PATH=VALUE")]
    [TestCase("trainings.epochs=many", "--set trainings.epochs=many: $.trainings[0].epochs: must be a whole number of 32 bits")]
    [TestCase("losses.ArcFace.scale=-1", "--set losses.ArcFace.scale=-1: $.losses[1].scale: scale = -1; must be in (0, 1000]")]
    [TestCase("resolutions=8", "--set resolutions=8: resolutions: Small does not accept 8 x 8 pixels")]
    [TestCase("seeds=3,3", "--set seeds=3,3: seeds: ")]
    public void A_setting_that_does_not_fit_is_refused_by_its_own_text(string setting, string message) =>
        Assert.That(() => Set(setting), Throws.TypeOf<SuiteException>().With.Message.Contains(message));

    [Test]
    public void A_problem_elsewhere_keeps_its_line_in_the_file() => Assert.That(
        () => Set(SuiteText.Good.Replace("0.4", "9", StringComparison.Ordinal), "seeds=1"),
        Throws.TypeOf<SuiteException>().With.Message.Match(@"own\.jsonc\(10,\d+\): \$\.losses\[1\]\.marginRadians: "));

    private static Suite Set(params string[] settings) =>
        settings[0].StartsWith("//", StringComparison.Ordinal) ? Set(settings[0], settings[1..]) : Set(SuiteText.Good, settings);

    private static Suite Set(string text, IReadOnlyList<string> settings)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("own.jsonc");
        File.WriteAllText(path, text);
        return SuiteFile.Read(path, settings);
    }
}
