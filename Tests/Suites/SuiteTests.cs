using System.Text.Json.Nodes;
using Ablation.Experiments.Commands;
using Ablation.Experiments.Suites;
using Ablation.Harness.Faces.Synthetic;
using Ablation.Harness.Protocols;
using Ablation.Tests.Losses;

namespace Ablation.Tests.Suites;

/// <summary>Valid suites: those that ship, one with a loss that no list names, and their list and schema.</summary>
[Parallelizable]
public sealed class SuiteTests
{
    [Test]
    public void Comments_and_trailing_commas_are_read()
    {
        var suite = SuiteText.Read(SuiteText.Good);
        Assert.That((suite.Name, suite.Question), Is.EqualTo(("own", "Does it read?")));
        Assert.That(suite.Trials(), Has.Count.EqualTo(6), "two losses and the untrained network, two seeds");
        Assert.That(suite.Trials().Take(3).Select(trial => trial.Spec.Seed), Is.All.EqualTo(1), "seed by seed");
    }

    [TestCaseSource(typeof(SuiteFile), nameof(SuiteFile.Shipped))]
    public void A_suite_that_ships_reads_and_runs_every_trial_once(string name)
    {
        var suite = SuiteFile.Read(SuiteFile.Find(name));
        Assert.That(suite.Name, Is.EqualTo(name));
        Assert.That(suite.Trials().Select(trial => trial.Spec.Id()), Is.Unique);
        Assert.That(File.ReadLines(SuiteFile.Find(name)).First(), Does.StartWith("// "), "a suite starts with a comment on its purpose");
    }

    [Test]
    public void A_loss_found_by_reflection_is_read_listed_and_in_the_schema()
    {
        var suite = SuiteText.Read(SuiteText.Good.Replace("\"Softmax\"", "\"DroppedIn\"", StringComparison.Ordinal));
        Assert.That(suite.Losses[0], Is.EqualTo(new DroppedInOptions()));
        using var list = new StringWriter();
        ListCommand.Write(list);
        Assert.That(list.ToString().Split('\n')
            .Select(line => line.TrimEnd()), Has.One.Match("^  DroppedIn +a loss of the tests: squared distance"));
        Assert.That(SchemaCommand.Text(), Does.Contain("\"const\": \"DroppedIn\""));
    }

    [Test]
    public void The_list_has_every_suite_and_every_option_with_default_and_range()
    {
        using var text = new StringWriter();
        ListCommand.Write(text);
        var list = text.ToString();
        foreach (var suite in SuiteFile.Shipped) Assert.That(list, Does.Contain($"  {suite} "));
        Assert.That(list, Does.Match(@"  ArcFace .*\r?\n +scale +scale s of the cosines \(default 64, in \(0, 1000\]\)"));
        Assert.That(list, Does.Match(@"  Step .*\r?\n +at .*\(required\)"));
    }

    [Test]
    public void The_schema_is_JSON_with_descriptions_and_ranges()
    {
        var schema = JsonNode.Parse(SchemaCommand.Text())!;
        var properties = schema["properties"]!.AsObject();
        Assert.That(properties.Select(property => property.Key), Does.Contain("question").And.Contain("losses").And.Not.Contain("name"));
        Assert.That(properties.Select(property => (string?)property.Value!["description"]), Is.All.Not.Empty);
        var training = properties["trainings"]!["items"]!["properties"]!;
        Assert.Multiple(() =>
        {
            Assert.That((double?)training["momentum"]!["minimum"], Is.Zero);
            Assert.That((double?)training["momentum"]!["exclusiveMaximum"], Is.EqualTo(1));
            Assert.That((double?)training["learningRate"]!["exclusiveMinimum"], Is.Zero);
            Assert.That((double?)training["batch"]!["maximum"], Is.EqualTo(65536));
            Assert.That((string?)training["batch"]!["description"], Is.EqualTo("images per optimiser step"));
            Assert.That(training["batch"]!["properties"]?["each"], Is.Not.Null, "a sweep may stand in its place");
            Assert.That(training["optimizer"]!["anyOf"]!.AsArray(), Has.Count.EqualTo(2), "one of its words, or a sweep");
            Assert.That(properties["resolutions"]!["properties"]?["from"], Is.Not.Null, "a list may be a sweep");
            Assert.That(properties["question"]!["properties"], Is.Null, "but not everything");
        });
    }

    [Test]
    public void Options_inside_options_are_named_as_a_suite_writes_them()
    {
        var drawn = new DrawnPairsOptions { Of = new SyntheticOptions { Identities = 20 }, Pairs = 40 };
        Assert.That(Labels.Full(drawn), Is.EqualTo("DrawnPairs (of Synthetic (identities 20), pairs 40)"));
    }
}
