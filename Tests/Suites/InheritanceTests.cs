using Ablation.Experiments.Suites;

namespace Ablation.Tests.Suites;

/// <summary>A suite that extends another has its keys, and errors name the file in which the value was written.</summary>
[Parallelizable]
public sealed class InheritanceTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void Make()
    {
        folder = new TemporaryFolder();
        File.WriteAllText(folder.File("base.jsonc"), SuiteText.Good);
    }

    [TearDown]
    public void Remove() => folder.Dispose();

    [Test]
    public void Keys_are_replaced_as_a_whole_and_set_changes_single_values()
    {
        var suite = Read("""
            { "extends": "base.jsonc", "question": "Twice?", "seeds": [7], "set": { "trainings.epochs": 3, "losses.scale": 8 } }
            """);
        var whole = SuiteFile.Read(folder.File("base.jsonc"));
        Assert.Multiple(() =>
        {
            Assert.That((suite.Name, suite.Question), Is.EqualTo(("own", "Twice?")));
            Assert.That(suite.Seeds, Is.EqualTo(new[] { 7 }));
            Assert.That(suite.Trainings, Is.EqualTo(new[] { whole.Trainings[0] with { Epochs = 3 } }));
            Assert.That(suite.Data, Is.EqualTo(whole.Data));
            Assert.That(Labels.Of(suite.Losses), Is.EqualTo(Labels.Of(whole.Losses)));
            Assert.That(suite.Extends, Is.Null);
        });
    }

    [Test]
    public void A_suite_that_ships_is_found_by_its_name_and_null_takes_a_key_away()
    {
        File.WriteAllText(folder.File("middle.jsonc"), """
            { "extends": "quick", "baseline": null, "seeds": { "from": 1, "to": 3, "steps": 3 } }
            """);
        var suite = Read("""{ "extends": "middle.jsonc", "set": { "losses.Npt.k": { "each": [1, 6] } } }""");
        Assert.That((suite.BaselineLabel(), suite.Seeds.Count, suite.Losses.Count), Is.EqualTo(("Softmax", 3, 7)));
    }

    [TestCase("""{ "extends": "gone.jsonc" }""", @"^own\.jsonc\(1,14\): extends: gone\.jsonc: no such suite")]
    [TestCase("""{ "extends": 5 }""", @"^own\.jsonc\(1,14\): extends: must be the path or the name of a suite")]
    [TestCase("""{ "extends": "own.jsonc" }""", @"^own\.jsonc\(1,14\): extends: own\.jsonc extends own\.jsonc, and so on")]
    [TestCase("""{ "extends": "broken.jsonc" }""", @"^broken\.jsonc\(1,15\): \$\.question: ")]
    [TestCase("""{ "extends": "base.jsonc", "set": 5 }""", @"set: must be an object of paths and values")]
    [TestCase("""{ "extends": "base.jsonc", "set": { "trainings.epoch": 5 } }""",
        @"^own\.jsonc\(1,56\): trainings\.epoch: no ""epoch""; did you mean epochs\?")]
    [TestCase("""{ "extends": "base.jsonc", "set": { "trainings.epochs": "5" } }""",
        @"^own\.jsonc\(1,57\): \$\.trainings\[0\]\.epochs: must be a whole number")]
    [TestCase("""{ "extends": "base.jsonc", "baseline": "ArcFaec" }""", @"^own\.jsonc\(1,40\): baseline: .*did you mean ArcFace\?")]
    [TestCase("""{ "extends": "base.jsonc", "tset": [] }""", @"own\.jsonc\(1,36\): \$\.tset: unknown key ""tset""")]
    [TestCase("""{ "extends": "base.jsonc", "extends": "gone.jsonc" }""", @"^own\.jsonc\(1,\d+\): the key ""extends"" occurs twice")]
    [TestCase("""{ "extends": "base.jsonc", "set": { "seeds": [1] }, "set": { "seeds": [2] } }""", @"the key ""set"" occurs twice")]
    [TestCase("""{ "extends": "base.jsonc", "set": { "seeds": [1], "seeds": [2] } }""", @"set: the key ""seeds"" occurs twice")]
    [TestCase("""{ "extends": "base.jsonc", "question": "\ud800" }""",
        @"^own\.jsonc\(1,\d+\): \$\.question: not valid text: half of a pair")]
    [TestCase("""{ "question": "\udce9.txt" }""", @"^own\.jsonc\(1,\d+\): \$\.question: not valid text: half of a pair")]
    [TestCase("""{ "extends": "bad.jsonc" }""", @"^bad\.jsonc\(10,\d+\): \$\.losses\[1\]\.marginRadians: ")]
    public void An_error_names_the_file_where_the_value_stands(string text, string pattern)
    {
        File.WriteAllText(folder.File("broken.jsonc"), """{ "question": nonsense }""");
        File.WriteAllText(folder.File("bad.jsonc"), SuiteText.Good.Replace("0.4", "9", StringComparison.Ordinal));
        var refused = Assert.Throws<SuiteException>(() => Read(text))!.Message
            .Replace(folder.Path + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
        Assert.That(refused, Does.Match(pattern));
    }

    private Suite Read(string text)
    {
        var path = folder.File("own.jsonc");
        File.WriteAllText(path, text);
        return SuiteFile.Read(path);
    }
}
