using Ablation.Experiments.Suites;
using Ablation.Harness.Faces.Synthetic;
using Ablation.Harness.Foundations;

namespace Ablation.Tests.Suites;

/// <summary>Several training sets, and conditions listed one by one.</summary>
public sealed class ConditionTests
{
    private const string One = """{ "type": "Synthetic", "identities": 8, "imagesPerIdentity": 8, "resolution": 32 }""";

    private static readonly string TwoSets = SuiteText.Good.Replace($"\"data\": {One}", $$"""
        "dataSets": [{{One}}, { "type": "Subset", "of": {{One}}, "identities": 4 }]
        """, StringComparison.Ordinal);

    [Test]
    public void Each_training_set_is_a_condition()
    {
        var suite = SuiteText.Read(TwoSets);
        Assert.That(suite.Data, Has.Count.EqualTo(2));
        Assert.That(suite.Conditions().Select(condition => condition.Data), Is.EqualTo(suite.Data));
        Assert.That(suite.Trials(),
            Has.Count.EqualTo(12).And.All.Matches<PlannedTrial>(trial => ReferenceEquals(trial!.Spec.Data, trial.Condition.Data)));
        Assert.That(suite.Trials().Select(trial => trial.Spec.Id()), Is.Unique);
    }

    [Test]
    public void Conditions_that_differ_in_a_list_or_have_no_names_have_labels_of_their_own()
    {
        string Step(string at) => $"{{ \"epochs\": 4, \"batch\": 16, \"schedule\": {{ \"type\": \"Step\", \"at\": {at} }} }}";
        const string Backbone = "{ \"type\": \"Small\", \"width\": 4, \"embeddingDimension\": 16 }";
        var start = SuiteText.Good.IndexOf("\"trainings\": [", StringComparison.Ordinal);
        var end = SuiteText.Good.IndexOf("\"seeds\"", StringComparison.Ordinal);
        var grid = SuiteText.Read($"{SuiteText.Good[..start]}\"trainings\": [{Step("[1]")}, {Step("[1.5]")}],\n{SuiteText.Good[end..]}");
        Assert.That(ConditionNames.Build(grid).Values, Is.EqualTo(new[]
        {
            "Small, 16 px, schedule.at [1]", "Small, 16 px, schedule.at [1.5]",
        }));
        start = SuiteText.Good.IndexOf("\"backbones\"", StringComparison.Ordinal);
        var losses = SuiteText.Good.IndexOf("\"losses\"", StringComparison.Ordinal);
        var trainings = SuiteText.Good.IndexOf("\"trainings\": [", StringComparison.Ordinal);
        string One(string at) => $"{{ \"backbone\": {Backbone}, \"resolution\": 16, \"training\": {Step(at)} }}";
        var given = SuiteText.Read($"{SuiteText.Good[..start]}\"conditions\": [{One("[1]")}, {One("[1.5]")}],\n" +
            $"{SuiteText.Good[losses..trainings]}{SuiteText.Good[end..]}");
        Assert.That(ConditionNames.Build(given).Values, Is.EqualTo(new[]
        {
            "Small, 16 px, schedule.at [1]", "Small, 16 px, schedule.at [1.5]",
        }));
    }

    [Test]
    public void A_single_set_is_written_as_read()
    {
        var suite = SuiteText.Read(SuiteText.Good);
        Assert.That(suite.Data, Is.EqualTo(new[] { new SyntheticOptions { Identities = 8, ImagesPerIdentity = 8, Resolution = 32 } }));
        Assert.That(SpecJson.Write(suite), Does.Contain("\"data\": {").And.Contain("\"dataSets\": null"));
        Assert.That(SpecJson.Read<Suite>(SpecJson.Write(SuiteText.Read(TwoSets))).Data, Has.Count.EqualTo(2));
    }

    [Test]
    public void No_set_and_repeated_sets_are_refused() => Assert.Multiple(() =>
    {
        Assert.That(SuiteText.Problem($"\"data\": {One}", "\"dataSets\": []"),
            Is.EqualTo("own.jsonc: dataSets: empty; at least one is needed"));
        Assert.That(SuiteText.Problem($"\"data\": {One}", $"\"dataSets\": [{One}, {One}]"),
            Is.EqualTo("own.jsonc: dataSets: the same entry twice; a trial runs once"));
        Assert.That(SuiteText.Problem($"\"data\": {One}", """
            "dataSets": [{ "type": "Folder", "path": "F/f" }, { "type": "Folder", "path": ".\\F\\f" }]
            """), Does.Contain("dataSets: the same entry twice, with its path written in two ways"));
        Assert.That(SuiteText.Problem($"\"data\": {One},", $"\"data\": {One}, \"dataSets\": [{One}],"),
            Does.Contain("dataSets: data is given too"));
        Assert.That(SuiteText.Problem($"\"data\": {One},", ""),
            Is.EqualTo("own.jsonc: data: missing; give the training images as data, or several sets as dataSets"));
    });

    [Test]
    public void Conditions_may_be_listed_one_by_one()
    {
        var suite = SuiteText.Read(Given("""
            { "name": "narrow", "backbone": { "type": "Small", "width": 4, "embeddingDimension": 16 }, "resolution": 16, "training": { "epochs": 2 } },
            { "backbone": { "type": "Small", "width": 8, "embeddingDimension": 16 }, "resolution": 16, "training": { "epochs": 3 } }
            """));
        Assert.That(suite.Conditions()
            .Select(condition => (condition.Name, condition.Training.Epochs)), Is.EqualTo(new[] { ("narrow", 2), ((string?)null, 3) }));
        Assert.That(suite.Trials(), Has.Count.EqualTo(12));
        Assert.That((suite.Networks().Count, suite.WaysToTrain().Count), Is.EqualTo((2, 2)));
    }

    [Test]
    public void Conditions_with_a_grid_and_repeated_names_are_refused() => Assert.Multiple(() =>
    {
        const string one = """{ "name": "a", "backbone": { "type": "Small", "width": 4 }, "resolution": 16, "training": {} }""";
        Assert.That(SuiteText.Problem(Given(one).Replace("\"seeds\"", "\"resolutions\": [16], \"seeds\"", StringComparison.Ordinal)),
            Is.EqualTo("own.jsonc: resolutions: conditions are given one by one; leave resolutions out, or conditions"));
        Assert.That(SuiteText.Problem(Given($"{one}, {one.Replace(": 4", ": 5", StringComparison.Ordinal)}")),
            Is.EqualTo("own.jsonc: conditions: two are called \"a\"; give them different names, " +
            "and a condition with a sweep none"));
        Assert.That(SuiteText.Problem(Given(one.Replace(": 16,", ": 17,", StringComparison.Ordinal)
            .Replace("\"Small\", \"width\": 4", "\"MobileFaceNet\"", StringComparison.Ordinal)
            .Replace(": 17", ": 3", StringComparison.Ordinal))), Does.Contain("does not accept 3 x 3 pixels"));
    });

    private static string Given(string conditions)
    {
        var text = SuiteText.Good.ReplaceLineEndings("\n");
        var from = text.IndexOf("\"backbones\"", StringComparison.Ordinal);
        text = text.Remove(from, text.IndexOf("\"losses\"", StringComparison.Ordinal) - from);
        from = text.IndexOf("\"trainings\"", StringComparison.Ordinal);
        text = text.Remove(from, text.IndexOf("\"seeds\"", StringComparison.Ordinal) - from);
        return text.Replace("\"seeds\"", $"\"conditions\": [{conditions}],\n  \"seeds\"", StringComparison.Ordinal);
    }
}
