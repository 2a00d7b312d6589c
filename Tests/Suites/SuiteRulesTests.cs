using Ablation.Harness.Faces;

namespace Ablation.Tests.Suites;

/// <summary>Errors that involve several keys of a suite.</summary>
public sealed class SuiteRulesTests
{
    [Test]
    public void Every_problem_is_reported_at_once()
    {
        var text = SuiteText.Good.Replace("\"batch\": 16", "\"batch\": 16, \"accumulate\": 3", StringComparison.Ordinal)
            .Replace("\"seeds\": [1, 2]", "\"seeds\": [], \"baseline\": \"Npt\"", StringComparison.Ordinal)
            .Replace("[16]", "[8]", StringComparison.Ordinal);
        Assert.That(SuiteText.Problem(text).Split('\n'), Is.EquivalentTo(new[]
        {
            "own.jsonc: seeds: empty; at least one is needed",
            "own.jsonc: baseline: \"Npt\" is not one of the losses; known: Softmax, ArcFace",
            "own.jsonc: resolutions: Small does not accept 8 x 8 pixels; it takes 16 to 512",
            "own.jsonc: trainings: batch 16 cannot be cut into 3 micro-batches",
        }));
    }

    [Test]
    public void A_warm_up_may_fill_the_whole_training() =>
        Assert.That(SuiteText.Read(SuiteText.Good.Replace("\"warmUpEpochs\": 0.5", "\"warmUpEpochs\": 1",
            StringComparison.Ordinal)).Trainings[0].WarmUpEpochs, Is.EqualTo(1));

    [TestCase("[16]", "[]", "resolutions")]
    [TestCase("[1, 2]", "[]", "seeds")]
    [TestCase("[{ \"type\": \"SyntheticPairs\", \"pairs\": 100, \"resolution\": 32 }]", "[]", "tests")]
    [TestCase("[{ \"type\": \"Small\", \"width\": 4, \"embeddingDimension\": 16 }]", "[]", "backbones")]
    public void An_empty_list_is_refused(string found, string replacement, string key) =>
        Assert.That(SuiteText.Problem(found, replacement), Is.EqualTo($"own.jsonc: {key}: empty; at least one is needed"));

    [TestCase("[1, 2]", "[1, 2, 1]", "seeds")]
    [TestCase("[16]", "[16, 16]", "resolutions")]
    [TestCase("{ \"type\": \"Softmax\" }", "{ \"type\": \"Softmax\" }, { \"type\": \"Softmax\" }", "losses")]
    [TestCase("{ \"type\": \"Softmax\" }", "{ \"type\": \"ArcFace\", \"marginRadians\": 0.4, \"scale\": 16.0 }", "losses")]
    [TestCase("\"trainings\": [",
        "\"trainings\": [{ \"schedule\": { \"type\": \"Step\", \"at\": [1] } }, { \"schedule\": { \"type\": \"Step\", \"at\": [1.0] } },",
        "trainings")]
    public void A_repeated_entry_is_refused(string found, string replacement, string key) =>
        Assert.That(SuiteText.Problem(found, replacement), Is.EqualTo($"own.jsonc: {key}: the same entry twice; a trial runs once"));

    [TestCase("{ \"type\": \"Softmax\" }", "null", "losses")]
    [TestCase("[{ \"type\": \"SyntheticPairs\", \"pairs\": 100, \"resolution\": 32 }]", "[null]", "tests")]
    public void A_null_entry_is_refused(string found, string replacement, string key) =>
        Assert.That(SuiteText.Problem(found, replacement), Is.EqualTo($"own.jsonc: {key}: an entry is null; remove it"));

    [TestCase("\"epochs\": 1", "\"epochs\": 1, \"accumulate\": 16",
        "trainings: a micro-batch of one image has no batch statistics; lower accumulate")]
    [TestCase("\"epochs\": 1", "\"epochs\": 0", "trainings: epochs is 0; use untrained to add the untrained network")]
    [TestCase("\"warmUpEpochs\": 0.5", "\"warmUpEpochs\": 0.5, \"proxyMemoryEpochs\": 1, \"decay\": { \"proxies\": 0 }",
        "trainings: proxyMemoryEpochs with decay.proxies 0")]
    [TestCase("\"warmUpEpochs\": 0.5", "\"warmUpEpochs\": 2", "trainings: warmUpEpochs 2 of 1 epochs")]
    [TestCase("{ \"type\": \"Cosine\", \"floor\": 0.1 }", "{ \"type\": \"Step\", \"at\": [0.5, 1] }",
        "trainings: schedule at 0.5, 1 of 1 epochs")]
    [TestCase("{ \"type\": \"Softmax\" }", "{ \"type\": \"Npt\", \"k\": 0 }", "losses: Npt: k = 0")]
    [TestCase("\"epochs\": 1", "\"epochs\": 1, \"head\": { \"implementation\": \"straight\", \"partialRate\": 0.5 }",
        "trainings: head: the straight formulation computes all identities")]
    [TestCase("\"epochs\": 1", "\"epochs\": 1, \"optimizer\": \"adamW\", \"head\": { \"partialRate\": 0.5 }",
        "trainings: adamW moves every proxy at every step")]
    [TestCase("\"epochs\": 1", "\"epochs\": 1, \"optimizer\": \"adamW\", \"head\": { \"sparseUpdate\": \"lazy\" }",
        "trainings: adamW moves every proxy at every step")]
    [TestCase("\"epochs\": 1", "\"epochs\": 1, \"stop\": { \"chanceEpochs\": 1 }",
        "trainings: stop.chanceEpochs 1 of 1 epochs; the rule would not end anything early")]
    public void An_impossible_training_is_refused(string found, string replacement, string message) =>
        Assert.That(SuiteText.Problem(found, replacement), Does.StartWith($"own.jsonc: {message}").And.Not.Contain("\n"));

    [TestCase("{ \"type\": \"Softmax\" }", "{ \"type\": \"Npt\", \"k\": 8 }", "synthetic",
        "Npt: k = 8 with 8 identities; must be in [1, 7]")]
    [TestCase("\"batch\": 16", "\"batch\": 65", "synthetic", "64 images do not fill one batch of 65")]
    [TestCase("{ \"type\": \"Synthetic\", \"identities\": 8, \"imagesPerIdentity\": 8, \"resolution\": 32 }",
        "{ \"type\": \"Folder\", \"path\": \"nowhere\" }", "nowhere", "no such folder")]
    public void Settings_that_do_not_fit_the_data_are_found_before_any_trial(string found, string replacement, string where, string what)
    {
        var problem = SuiteText.Read(SuiteText.Good.Replace(found, replacement, StringComparison.Ordinal)).DataProblems(new DataRoot("."))
            .Single();
        Assert.That(problem, Does.Contain(where).And.Contain(what));
    }

    [TestCase("\"implementation\": \"tiled\"")]
    [TestCase("\"partialRate\": 0.5")]
    public void A_loss_without_a_kernel_is_reported_before_the_first_trial(string head)
    {
        var suite = SuiteText.Read(SuiteText.Good.Replace("\"Softmax\"", "\"DroppedIn\"", StringComparison.Ordinal)
            .Replace("\"epochs\": 1", $"\"epochs\": 1, \"head\": {{ {head} }}", StringComparison.Ordinal));
        Assert.That(suite.DataProblems(new DataRoot("."))
            .Single(), Does.StartWith("trainings: DroppedIn: has the straight formulation only"));
    }

    [Test]
    public void Labels_of_losses_of_one_type_contain_their_differences()
    {
        var suite = SuiteText.Read(SuiteText.Good.Replace("{ \"type\": \"Softmax\" }",
            "{ \"type\": \"ArcFace\", \"scale\": 16, \"marginRadians\": 0.3 }", StringComparison.Ordinal));
        Assert.That(suite.Trials().Select(trial => trial.Label)
            .Distinct(), Is.EqualTo(new[] { "untrained", "ArcFace (marginRadians 0.3)", "ArcFace (marginRadians 0.4)" }));
        Assert.That(suite.BaselineLabel(), Is.EqualTo("ArcFace (marginRadians 0.3)"));
    }
}
