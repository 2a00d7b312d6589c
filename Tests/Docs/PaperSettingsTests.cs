using Ablation.Experiments.Suites;

namespace Ablation.Tests.Docs;

/// <summary>The settings on docs/paper.md are those of the suites, and any change of one without the other is found.</summary>
public sealed class PaperSettingsTests
{
    private static readonly Dictionary<string, Suite> Read = PaperSettings.Suites.ToDictionary(name => name, name => Shipped(name));

    private static string PageText => Pages.Text(PaperSettings.Page);

    [Test]
    public void The_page_and_the_suites_have_the_same_settings() =>
        Assert.That(PaperSettings.Problems(PageText, name => Read[name]), Is.Empty);

    [Test]
    public void Every_setting_names_its_source() => Assert.Multiple(() =>
    {
        var rows = PaperSettings.Rows(PageText, "setting");
        Assert.That(rows, Has.Count.GreaterThanOrEqualTo(20));
        Assert.That(rows.Select(row => row["source"]), Is.All.Matches<string>(source => source is "paper" or "code" or "ours"));
        Assert.That(rows.Select(row => row["key"]), Is.Unique);
        Assert.That(PaperSettings.Rows(PageText, "suite of NPT").Select(row => row["suite of NPT"].Trim('`')),
            Is.EquivalentTo(PaperSettings.Suites));
    });

    [Test]
    public void A_changed_cell_of_the_page_is_found() => Assert.Multiple(() =>
    {
        var changed = 0;
        foreach (var line in PageText.Split('\n').SkipWhile(line => !line.StartsWith("| setting |", StringComparison.Ordinal)).Skip(2)
            .TakeWhile(line => line.StartsWith('|')))
        {
            var cells = line.Split(" | ");
            for (var at = 2; at < 5; at++) // the three protocols
            {
                var other = string.Join(" | ", cells.Select((cell, i) => i == at ? cell == "7" ? "8" : "7" : cell));
                Assert.That(PaperSettings.Problems(PageText.Replace(line, other, StringComparison.Ordinal), name => Read[name]),
                    Is.Not.Empty, other);
                changed++;
            }
        }

        Assert.That(changed, Is.GreaterThanOrEqualTo(60));
    });

    [TestCase("trainings.epochs=66")]
    [TestCase("trainings.batch=128")]
    [TestCase("trainings.learningRate=0.2")]
    [TestCase("trainings.momentum=0.8")]
    [TestCase("trainings.dropLast=true")]
    [TestCase("trainings.warmUpEpochs=1")]
    [TestCase("trainings.schedule.at=9,18")]
    [TestCase("trainings.schedule.factor=0.2")]
    [TestCase("trainings.decay.backbone=2e-4")]
    [TestCase("trainings.decay.fc=2e-4")]
    [TestCase("trainings.decay.proxies=2e-4")]
    [TestCase("trainings.decay.norms=false")]
    [TestCase("trainings.decay.prelu=true")]
    [TestCase("trainings.proxyStart={\"type\":\"Normal\"}")]
    [TestCase("trainings.augment.flipProbability=0.4")]
    [TestCase("trainings.augment.contrast=0.1")]
    [TestCase("backbones.inputDivisor=127.5")]
    [TestCase("backbones.embeddingDimension=128")]
    [TestCase("resolutions=96")]
    [TestCase("losses.Npt.radius=2")]
    public void A_changed_value_of_a_suite_is_found(string setting) => Assert.Multiple(() =>
    {
        foreach (var changed in PaperSettings.Suites)
        {
            var other = Shipped(changed, setting);
            Assert.That(PaperSettings.Problems(PageText, name => name == changed ? other : Read[name]),
                Is.Not.Empty.And.All.Contains(changed), changed);
        }
    });

    [TestCase("paper-table3", "trainings.nesterov=true")]
    [TestCase("paper-table3", "backbones.unit=postActivation")]
    [TestCase("paper-table3", "backbones.dropout=0.4")]
    [TestCase("paper-table4", "trainings.nesterov=false")]
    [TestCase("paper-table4", "losses.Npt.k=1")]
    [TestCase("paper-table1", "losses.Npt.k=2")]
    [TestCase("paper-tables-5-6-8", "losses.Npt.cosineMargin=0.4")]
    public void A_changed_value_of_one_suite_is_found(string changed, string setting)
    {
        var other = Shipped(changed, setting);
        Assert.That(PaperSettings.Problems(PageText, name => name == changed ? other : Read[name]), Is.Not.Empty);
    }

    [TestCaseSource(typeof(PaperSettings), nameof(PaperSettings.Suites))]
    public void The_common_recipe_differs_in_its_conditions_alone(string name)
    {
        var (paper, common) = (Read[name], Shipped(name.Replace("paper", "common", StringComparison.Ordinal)));
        Assert.Multiple(() =>
        {
            Assert.That(Labels.Of(common.Losses), Is.EqualTo(Labels.Of(paper.Losses)));
            Assert.That((common.Seeds, common.Tables!.Count), Is.EqualTo((paper.Seeds, paper.Tables!.Count)));
            Assert.That(common.Given!.Select(one => one.Name), Is.EqualTo(paper.Given!.Select(one => one.Name)));
            Assert.That(Ids(common).Intersect(Ids(paper)), Is.Empty);
        });

        static IEnumerable<string> Ids(Suite suite) => suite.Trials().Select(trial => trial.Spec.Id());
    }

    private static Suite Shipped(string name, params string[] settings) => SuiteFile.Read(SuiteFile.Find(name), settings);
}
