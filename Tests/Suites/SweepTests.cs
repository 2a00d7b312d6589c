using Ablation.Experiments.Suites;
using Ablation.Harness.Faces.Synthetic;
using Ablation.Losses;
using static Ablation.Tests.Suites.SuiteText;

namespace Ablation.Tests.Suites;

/// <summary>A sweep in a suite is the entries that a person would have written.</summary>
[Parallelizable]
public sealed class SweepTests
{
    private const string Loss = "{ \"type\": \"Softmax\" },";

    [Test]
    public void Two_sweeps_of_an_entry_are_their_grid_the_first_varying_slowest()
    {
        var swept = Losses("{ \"type\": \"CosFace\", \"scale\": { \"each\": [8, 16] }, \"cosineMargin\": { \"each\": [0, 0.1, 0.2] } },");
        var written = Losses(string.Concat(from scale in new[] { "8", "16" }
                                           from margin in new[] { "0", "0.1", "0.2" }
                                           select $"{{ \"type\": \"CosFace\", \"scale\": {scale}, \"cosineMargin\": {margin} }},"));
        Assert.That(swept.Losses, Is.EqualTo(written.Losses));
        Assert.That(swept.Trials().Select(trial => (trial.Label, trial.Spec.Id())),
            Is.EqualTo(written.Trials().Select(trial => (trial.Label, trial.Spec.Id()))));
    }

    [TestCase("8, \"to\": 64, \"steps\": 4, \"log\": true", new[] { 8.0, 16, 32, 64 })]
    [TestCase("0.5, \"to\": 2, \"steps\": 4", new[] { 0.5, 1, 1.5, 2 })]
    [TestCase("64, \"to\": 16, \"steps\": 3, \"log\": true", new[] { 64.0, 32, 16 })]
    [TestCase("0.1, \"to\": 0.7, \"steps\": 7", new[] { 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7 })]
    public void A_range_has_equal_steps_or_equal_ratios(string from, double[] scales) =>
        Assert.That(Losses($"{{ \"type\": \"NormalisedSoftmax\", \"scale\": {{ \"from\": {from} }} }},").Losses
            .OfType<NormalisedSoftmaxOptions>().Select(loss => loss.Scale), Is.EqualTo(scales));

    [Test]
    public void Values_of_different_kinds_and_of_objects()
    {
        var suite = Losses("{ \"type\": \"Npt\", \"k\": { \"each\": [1, \"all\"] } },");
        Assert.That(Labels.Of(suite.Losses), Does.Contain("Npt (k 1)").And.Contain("Npt (k all)"));
        var trained = Read(Good.Replace("{ \"type\": \"Cosine\", \"floor\": 0.1 }",
            "{ \"each\": [{ \"type\": \"Cosine\", \"floor\": { \"each\": [0, 0.1] } }, { \"type\": \"Polynomial\" }] }",
            StringComparison.Ordinal));
        Assert.That(trained.Trainings, Has.Count.EqualTo(3).And.Unique);
    }

    [Test]
    public void A_list_may_be_a_sweep_itself()
    {
        var suite = Read(Good.Replace("[16]", "{ \"from\": 16, \"to\": 64, \"steps\": 3, \"log\": true }", StringComparison.Ordinal)
            .Replace("[1, 2]", "{ \"from\": 1, \"to\": 5, \"steps\": 5 }", StringComparison.Ordinal));
        Assert.That(suite.Resolutions, Is.EqualTo(new[] { 16, 32, 64 }));
        Assert.That(suite.Seeds, Is.EqualTo(new[] { 1, 2, 3, 4, 5 }));
    }

    [Test]
    public void A_sweep_in_the_data_makes_several_training_sets()
    {
        var suite = Read(Good.Replace("\"data\": { \"type\": \"Synthetic\", \"identities\": 8",
            "\"data\": { \"type\": \"Synthetic\", \"identities\": { \"each\": [8, 16] }", StringComparison.Ordinal));
        Assert.That(suite.Data.Cast<SyntheticOptions>().Select(set => set.Identities), Is.EqualTo(new[] { 8, 16 }));
    }

    [Test]
    public void A_condition_is_named_by_what_differs_in_its_training()
    {
        var suite = Read(Good.Replace("\"batch\": 16, \"warmUpEpochs\": 0.5",
            "\"batch\": { \"each\": [8, 16] }, \"warmUpEpochs\": 0.5, \"head\": { \"partialRate\": { \"each\": [0.5, 1] } }",
            StringComparison.Ordinal));
        Assert.That(suite.Conditions().Select(condition => ConditionNames.Build(suite)[condition]), Is.EqualTo(new[]
        {
            "Small, 16 px, batch 8, head.partialRate 0.5", "Small, 16 px, batch 8, head.partialRate 1",
            "Small, 16 px, batch 16, head.partialRate 0.5", "Small, 16 px, batch 16, head.partialRate 1",
        }));
    }

    [Test]
    public void A_list_that_all_trainings_have_does_not_tell_them_apart()
    {
        var suite = Read(Good.Replace("\"batch\": 16", "\"batch\": { \"each\": [8, 16] }", StringComparison.Ordinal)
            .Replace("\"epochs\": 1", "\"epochs\": 9", StringComparison.Ordinal)
            .Replace("{ \"type\": \"Cosine\", \"floor\": 0.1 }", "{ \"type\": \"Step\", \"at\": [3, 6] }", StringComparison.Ordinal));
        Assert.That(ConditionNames.Build(suite).Values, Is.EqualTo(new[] { "Small, 16 px, batch 8", "Small, 16 px, batch 16" }));
    }

    [TestCase("{ \"each\": [] }", "each: must be a list with at least one value")]
    [TestCase("{ \"each\": 5 }", "each: must be a list with at least one value")]
    [TestCase("{ \"each\": [1], \"steps\": 2 }", "unknown key \"steps\" of a sweep; known: each")]
    [TestCase("{ \"from\": 1, \"to\": 5 }", "steps: must be a number; a sweep is { \"each\": [..] } or")]
    [TestCase("{ \"from\": 1, \"to\": 5, \"steps\": 1 }", "steps: must be a whole number from 2 to 1000")]
    [TestCase("{ \"from\": 1, \"to\": 5, \"steps\": 2.5 }", "steps: must be a whole number from 2 to 1000")]
    [TestCase("{ \"from\": 0, \"to\": 5, \"steps\": 3, \"log\": true }", "log: from and to must be above 0")]
    [TestCase("{ \"from\": 1, \"to\": 5, \"steps\": 3, \"log\": 1 }", "log: must be true or false")]
    [TestCase("{ \"from\": 1, \"to\": \"5\", \"steps\": 3 }", "to: must be a number")]
    [TestCase("{ \"each\": [16, 16] }", "the same entry twice")]
    [TestCase("{ \"each\": [16, -1] }", "scale = -1; must be in (0, 1000]")]
    [TestCase("{ \"each\": [16, \"x\"] }", "$.losses[2].scale: must be a number")]
    public void A_sweep_that_is_none_is_refused_at_its_line(string sweep, string message) =>
        Assert.That(Refusal("\"scale\": 16", $"\"scale\": {sweep}"), Does.StartWith("own.jsonc(10").And.Contains(message));

    [Test]
    public void A_sweep_without_bounds_is_refused_before_it_is_written_out() => Assert.That(
        Refusal("\"scale\": 16, \"marginRadians\": 0.4", "\"scale\": { \"from\": 1, \"to\": 900, \"steps\": 1000 }, " +
            "\"marginRadians\": { \"from\": 0.1, \"to\": 0.5, \"steps\": 1000 }"), Does.Contain("its sweeps make 1,000,001 entries"));

    [Test]
    public void Ranges_of_a_search_are_no_sweeps()
    {
        var suite = Read(Good.Replace("\"seeds\": [1, 2],", "\"seeds\": [1, 2], \"resolutions\": { \"each\": [16] }, " +
            "\"tune\": { \"trials\": 2, \"seeds\": [11], " +
            "\"space\": { \"*\": { \"training.learningRate\": { \"from\": 0.01, \"to\": 0.1 } } } }", StringComparison.Ordinal)
            .Replace("  \"resolutions\": [16],\n", "", StringComparison.Ordinal));
        Assert.That(suite.Tune!.Space["*"]["training.learningRate"].To, Is.EqualTo(0.1));
    }

    private static Suite Losses(string entries) => Read(Good.Replace(Loss, Loss + entries, StringComparison.Ordinal));
}
