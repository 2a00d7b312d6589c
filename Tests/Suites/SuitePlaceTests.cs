using Ablation.Experiments.Suites;
using Ablation.Harness.Faces;

namespace Ablation.Tests.Suites;

/// <summary>Line and column of a problem: the word of the suite that it speaks of.</summary>
public sealed class SuitePlaceTests
{
    private const string Two = "[{ \"type\": \"Npt\", \"k\": 0 }, { \"type\": \"ArcFace\" }, { \"type\": \"Npt\", \"k\": 3 }]";

    [TestCase("\"ArcFace\"", "\"ArcFaec\"", "10,15", "\"ArcFaec\"", Description = "the name, not the object")]
    [TestCase("\"scale\"", "\"scales\"", "10,26", "\"scales\"")]
    [TestCase("\"epochs\": 1", "\"epochs\": \"1\"", "13,17", "\"1\"")]
    [TestCase("\"scale\": 16", "\"scale\": -1", "10,35", "-1")]
    [TestCase("\"epochs\": 1,", "\"epochs\": 1", "13,19", "\"batch\"")]
    [TestCase("[16]", "[16, 8]", "7,23", "8", Description = "the entry that is wrong")]
    [TestCase("[16]", "[]", "7,18", "[]")]
    [TestCase("[1, 2]", "[1, 2, 1]", "16,19", "1", Description = "the second of two")]
    [TestCase("\"batch\": 16", "\"batch\": 16, \"accumulate\": 3", "13,29", "16")]
    [TestCase("\"epochs\": 1", "\"epochs\": 0", "13,17", "0")]
    [TestCase("\"warmUpEpochs\": 0.5", "\"warmUpEpochs\": 2", "13,49", "2")]
    [TestCase("\"seeds\"", "\"baseline\": \"Nptt\", \"seeds\"", "16,15", "\"Nptt\"")]
    [TestCase("{ \"type\": \"Softmax\" }", "{ \"type\": \"Npt\", \"k\": 0 }", "9,27", "0")]
    [TestCase("\"epochs\": 1", "\"epochs\": 1, \"stop\": { \"chanceEpochs\": 1 }", "13,46", "1")]
    [TestCase("{ \"type\": \"Cosine\", \"floor\": 0.1 }", "{ \"type\": \"Step\", \"at\": [0.5, 1] }", "14,19", "{ \"type\"")]
    [TestCase("\"seeds\"", "\"tables\": [{ \"title\": \"T\", \"columns\": [] }], \"seeds\"", "16,41", "[]")]
    public void A_problem_has_the_place_of_its_word(string found, string replacement, string place, string word)
    {
        Assert.That(SuiteText.Good, Does.Contain(found), "the premise");
        var text = SuiteText.Good.Replace(found, replacement, StringComparison.Ordinal);
        var message = Message(text);
        Assert.That(message, Does.StartWith($"own.jsonc({place}): "));
        var at = place.Split(',').Select(int.Parse).ToArray();
        Assert.That(text.Split('\n')[at[0] - 1][(at[1] - 1)..], Does.StartWith(word), "the premise of the case");
    }

    [Test]
    public void Of_two_entries_the_one_with_the_value_is_meant() =>
        Assert.That(Mark($"{{\n\"losses\": {Two} }}", "losses: x: Npt: k = 3 with 2 identities"),
            Is.EqualTo("own.jsonc(2,84): losses: x: Npt: k = 3 with 2 identities"));

    [Test]
    public void Conditions_hold_what_a_problem_calls_by_its_list() =>
        Assert.That(Mark("{ \"conditions\": [\n{ \"resolution\": 16 },\n{ \"resolution\": 8 }] }",
            "resolutions: Small does not accept 8 x 8 pixels"), Does.StartWith("own.jsonc(3,17): "));

    [Test]
    public void What_the_suite_lacks_has_no_line() =>
        Assert.That(Mark("{}", "data: missing; give one"), Is.EqualTo("own.jsonc: data: missing; give one"));

    [Test]
    public void A_missing_path_is_named_with_its_key_and_the_folder_that_it_starts_from()
    {
        var root = new DataRoot(Path.GetFullPath("there"));
        const string text = "{ \"tests\": [\n{ \"type\": \"X\", \"images\": \"a\", \"pairs\": \"a/b.txt\" }] }";
        Assert.That(Mark(text, $"tests[0]: {root.Resolve("a/b.txt")}: no such file; look", root),
            Is.EqualTo($"own.jsonc(2,40): tests[0]: {root.Resolve("a/b.txt")}: no such file; look; pairs \"a/b.txt\" starts from the " +
                $"folder of --data, now {root.Folder}"));
        Assert.That(Mark(text, "tests[0]: something else", root), Does.StartWith("own.jsonc(2,1): "));
    }

    private static string Mark(string text, string problem, DataRoot? data = null) =>
        SuitePlace.Mark(new SuiteSource("own.jsonc", text, [], []), problem, data);

    private static string Message(string text)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("own.jsonc"), text);
        return Assert.Throws<SuiteException>(() => SuiteFile.Read(folder.File("own.jsonc")))!.Message
            .Replace(folder.Path + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
    }
}
