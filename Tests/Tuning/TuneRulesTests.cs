using Ablation.Tests.Suites;

namespace Ablation.Tests.Tuning;

/// <summary>Errors of a tune block.</summary>
public sealed class TuneRulesTests
{
    private const string Block = """
        "seeds": [1, 2],
          "tune": {
            "trials": 4, "seeds": [11],
            "space": {
              "*": { "training.proxyRateFactor": { "from": 0.1, "to": 10, "log": true } },
              "ArcFace": { "scale": { "from": 8, "to": 64, "log": true }, "gradient": { "of": ["exact", "detached"] } }
            }
          }
        """;

    private static string Good => SuiteText.Good.Replace("\"seeds\": [1, 2]", Block, StringComparison.Ordinal);

    [Test]
    public void A_valid_block_is_read() =>
    Assert.That(SuiteText.Read(Good).Tune!.Space["ArcFace"].Keys, Is.EquivalentTo(new[] { "scale", "gradient" }));

    [TestCase("\"seeds\": [11]", "\"seeds\": [2, 11]",
        "tune: seeds: 2 also in the suite's seeds; the chosen configurations must run with new seeds: use others for tuning")]
    [TestCase("\"seeds\": [11]", "\"seeds\": []", "tune: seeds: empty; at least one is needed")]
    [TestCase("\"seeds\": [11]", "\"seeds\": [11, 11]", "tune: seeds: the same entry twice; a trial runs once")]
    [TestCase("\"resolutions\": [16]", "\"resolutions\": [16, 32]",
        "tune: the suite has 2 conditions; tuning chooses for one network, resolution and training: write one suite per condition")]
    [TestCase("{ \"type\": \"Softmax\" }", "{ \"type\": \"ArcFace\" }",
        "tune: losses: ArcFace is given 2 times, and the best of its rows would have a multiple of the budget of another; name it once, " +
        "or make each a competitor of its own by a space under its label: \"ArcFace (scale 64, marginRadians 0.5)\", " +
        "\"ArcFace (scale 16, marginRadians 0.4)\"")]
    [TestCase("\"ArcFace\": {", "\"CosFace\": {", "tune: space: \"CosFace\" is not one of the losses; known: *, Softmax, ArcFace")]
    [TestCase("\"*\": {", "\"*\": { \"scale\": { \"from\": 1, \"to\": 2 },",
        "tune: space: \"*\": not every loss has scale; name the loss instead of \"*\"")]
    [TestCase("\"scale\": { \"from\": 8", "\"scale\": { \"from\": 8, \"of\": [8, 9]",
        "tune: space: ArcFace: scale: of excludes from, to and log; leave them out")]
    [TestCase("\"trials\": 4", "\"trials\": 4, \"pairs\": 30",
        "tune: pairs: 30 cannot be split into 10 folds, half of each of one person; choose a multiple of 20")]
    [TestCase("\"trials\": 4", "\"trials\": 4, \"method\": \"successiveHalving\"",
        "tune: minimumEpochs 1 of 1 epochs; there would be one round: lower it, or set method to random")]
    [TestCase("\"exact\", \"detached\"", "\"exact\", \"rough\"", "tune: space: ArcFace: gradient: must be one of \"exact\", \"detached\"")]
    public void An_invalid_block_is_refused(string found, string replacement, string message)
    {
        Assert.That(Good, Does.Contain(found), "the premise");
        Assert.That(SuiteText.Problem(Good.Replace(found, replacement, StringComparison.Ordinal)).Split('\n'), Has.Exactly(1)
            .EqualTo($"own.jsonc: {message}"));
    }

    [Test]
    public void Losses_of_one_kind_are_searched_where_each_has_a_space_under_its_label()
    {
        var both = Good.Replace("{ \"type\": \"Softmax\" }", "{ \"type\": \"ArcFace\", \"scale\": 8 }", StringComparison.Ordinal)
            .Replace("\"ArcFace\": {", "\"ArcFace (scale 16)\": { \"scale\": { \"of\": [4, 5] } }, \"ArcFace (scale 8)\": {",
                StringComparison.Ordinal);
        both = both.Replace(", \"marginRadians\": 0.4", "", StringComparison.Ordinal);
        Assert.That(SuiteText.Read(both).Tune!.Space.Keys, Is.SupersetOf(new[] { "ArcFace (scale 16)", "ArcFace (scale 8)" }));
        Assert.That(SuiteText.Problem(both.Replace("\"ArcFace (scale 8)\"", "\"ArcFace\"", StringComparison.Ordinal)),
            Does.Contain("by a space under its label: \"ArcFace (scale 8)\", \"ArcFace (scale 16)\""));
    }

    [Test]
    public void Fewer_trials_than_the_reduction_are_refused() =>
    Assert.That(SuiteText.Problem(Good.Replace("\"epochs\": 1", "\"epochs\": 9", StringComparison.Ordinal)
        .Replace("\"trials\": 4", "\"trials\": 4, \"reduction\": 5, \"method\": \"successiveHalving\"", StringComparison.Ordinal)),
        Does.Contain("tune: 4 trials with reduction 5"));

    [TestCase("\"test\": { \"type\": \"SyntheticPairs\" }")]
    [TestCase("\"tests\": []")]
    [TestCase("\"validation\": { \"type\": \"SyntheticPairs\" }")]
    public void No_key_of_a_tune_block_names_a_test(string key) =>
        Assert.That(SuiteText.Problem(Good.Replace("\"trials\": 4", $"\"trials\": 4, {key}", StringComparison.Ordinal)),
            Does.Contain("unknown key").And.Contains(
                "known: method, trials, minimumEpochs, reduction, validationShare, pairs, metric, seeds, seed, oracle, space"));
}
