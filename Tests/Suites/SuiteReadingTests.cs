using System.Text.RegularExpressions;
using Ablation.Experiments.Suites;

namespace Ablation.Tests.Suites;

/// <summary>Errors of suite files, with file, line, problem and remedy.</summary>
[Parallelizable]
public sealed class SuiteReadingTests
{
    [TestCase("\"seeds\"", "\"colour\": 1, \"seeds\"",
        "own.jsonc(16): $.colour: unknown key \"colour\"; known: $schema, extends, set, question, baseline, claim")]
    [TestCase("\"scale\"", "\"scales\"",
        "own.jsonc(10): $.losses[1].scales: unknown key \"scales\"; did you mean scale? known: scale, marginRadians, gradient, overflow")]
    [TestCase("\"floor\"", "\"flor\"",
        "own.jsonc(14): $.trainings[0].schedule.flor: unknown key \"flor\"; did you mean floor? known: floor")]
    [TestCase("\"epochs\"", "\"name\"", "own.jsonc(13): $.trainings[0].name: unknown key \"name\"; known: epochs, batch")]
    [TestCase("\"question\"", "\"name\": \"x\", \"question\"",
        "own.jsonc(3): $.name: unknown key \"name\"; known: $schema, extends, set, question")]
    public void An_unknown_key_is_named_with_the_known_ones(string found, string replacement, string message) =>
        Assert.That(SuiteText.Refusal(found, replacement), Does.StartWith(message));

    [TestCase("\"ArcFace\"", "\"CosFase\"",
        "own.jsonc(10): $.losses[1]: unknown loss \"CosFase\"; did you mean CosFace?")]
    [TestCase("\"ArcFace\"", "\"Bananas\"",
        "own.jsonc(10): $.losses[1]: unknown loss \"Bananas\"; known: AdaCos, AdaFace, ArcFace, Circle, CombinedMargin, CosFace, " +
        "CurricularFace, DroppedIn, ")]
    [TestCase("\"ArcFace\"", "\"arcFace\"", "own.jsonc(10): $.losses[1]: unknown loss \"arcFace\"; did you mean ArcFace?")]
    [TestCase("\"Small\"", "\"Smal\"",
        "own.jsonc(6): $.backbones[0]: unknown backbone \"Smal\"; did you mean Small? known: IResNet, MobileFaceNet, ResNet50, Small")]
    [TestCase("\"Synthetic\"", "\"Syn\"",
        "own.jsonc(4): $.data: unknown data \"Syn\"; known: Folder, HeldOut, RecordIo, SplitList, Subset, Synthetic")]
    [TestCase("\"SyntheticPairs\"", "\"Lfw\"", "own.jsonc(5): $.tests[0]: unknown test \"Lfw\"; known: Cfp, ")]
    [TestCase("\"Cosine\"", "\"Cos\"", "own.jsonc(14): $.trainings[0].schedule: unknown schedule \"Cos\"; known: Cosine, Polynomial, Step")]
    public void An_unknown_type_is_named_with_the_known_ones(string found, string replacement, string message) =>
        Assert.That(SuiteText.Refusal(found, replacement), Does.StartWith(message));

    [TestCase("\"type\": \"ArcFace\", ", "own.jsonc(10): $.losses[1]: the object has no \"type\"; known: AdaCos, AdaFace, ArcFace")]
    [TestCase("\"type\": \"Small\", ", "own.jsonc(6): $.backbones[0]: the object has no \"type\"; known: IResNet")]
    [TestCase("\"type\": \"Synthetic\", ", "own.jsonc(4): $.data: the object has no \"type\"; known: Folder")]
    [TestCase("\"type\": \"SyntheticPairs\", ", "own.jsonc(5): $.tests[0]: the object has no \"type\"; known: Cfp")]
    [TestCase("\"type\": \"Cosine\", ", "own.jsonc(14): $.trainings[0].schedule: the object has no \"type\"; known: Cosine")]
    public void An_object_without_a_type_is_refused_with_its_line(string type, string message) =>
        Assert.That(SuiteText.Refusal(type, ""), Does.StartWith(message));

    [TestCase("\"question\": \"Does it read?\",", "", "missing 'question'")]
    [TestCase("\"seeds\": [1, 2],", "", "missing 'seeds'")]
    [TestCase("\"type\": \"Cosine\", \"floor\": 0.1", "\"type\": \"Step\"", "own.jsonc(14): $.trainings[0].schedule: missing 'at'")]
    public void A_missing_key_is_named(string found, string replacement, string message) =>
        Assert.That(SuiteText.Refusal(found, replacement), Does.Match(@"^own\.jsonc\(1[47]\): ").And.EndsWith(message));

    [TestCase("\"epochs\": 1,", "\"epochs\": \"1\",", "(13): $.trainings[0].epochs: must be a whole number of 32 bits")]
    [TestCase("\"epochs\": 1,", "\"epochs\": 1.5,", "(13): $.trainings[0].epochs: must be a whole number of 32 bits")]
    [TestCase("\"epochs\": 1,", "\"epochs\": 99999999999,", "(13): $.trainings[0].epochs: must be a whole number of 32 bits")]
    [TestCase("\"scale\": 16", "\"scale\": \"16\"", "(10): $.losses[1].scale: must be a number")]
    [TestCase("\"epochs\": 1", "\"clipNorm\": true", "(13): $.trainings[0].clipNorm: must be a number")]
    [TestCase("\"epochs\": 1", "\"nesterov\": 1", "(13): $.trainings[0].nesterov: must be true or false")]
    [TestCase("\"epochs\": 1", "\"optimizer\": \"adam\"", "(13): $.trainings[0].optimizer: must be one of \"sgd\", \"adamW\"")]
    [TestCase("\"epochs\": 1", "\"optimizer\": 1", "(13): $.trainings[0].optimizer: must be one of \"sgd\", \"adamW\"")]
    [TestCase("\"epochs\": 1", "\"decay\": 5e-4", "(13): $.trainings[0].decay: must be an object in { }")]
    [TestCase("\"Does it read?\"", "3", "(3): $.question: must be text in quotes")]
    [TestCase("\"Does it read?\"", "null", "(3): $.question: question must not be null")]
    [TestCase("[1, 2]", "1", "(16): $.seeds: must be a list in [ ]")]
    [TestCase("{ \"type\": \"Softmax\" }", "\"Softmax\"", "(9): $.losses[0]: must be an object { \"type\": ... } of AdaCos")]
    [TestCase("{ \"type\": \"Softmax\" }", "{ \"type\": \"Npt\", \"k\": \"al\" }",
        "(9): $.losses[0].k: a number of negatives is a whole number from 1 or \"all\"")]
    public void A_value_of_the_wrong_type_is_refused_with_the_right_one(string found, string replacement, string message) =>
        Assert.That(SuiteText.Refusal(found, replacement), Does.StartWith("own.jsonc" + message));

    [TestCase("\"scale\": 16", "\"scale\": 0", "(10): $.losses[1].scale: scale = 0; must be in (0, 1000]")]
    [TestCase("\"scale\": 16", "\"scale\": 1e999", "(10): $.losses[1].scale: scale = Infinity; must be in (0, 1000]")]
    [TestCase("\"floor\": 0.1", "\"floor\": 1.1", "(14): $.trainings[0].schedule.floor: floor = 1.1; must be in [0, 1]")]
    [TestCase("\"width\": 4", "\"width\": 3", "(6): $.backbones[0].width: width = 3; must be in [4, 256]")]
    [TestCase("\"identities\": 8", "\"identities\": 1", "(4): $.data.identities: identities = 1; must be in [2, 1000000]")]
    [TestCase("\"epochs\": 1", "\"clipNorm\": 0", "(13): $.trainings[0].clipNorm: clipNorm = 0; must be in (0, 1000000]")]
    [TestCase("\"epochs\": 1", "\"momentum\": 1", "(13): $.trainings[0].momentum: momentum = 1; must be in [0, 1)")]
    [TestCase("\"seeds\"", "\"expectedImages\": 0, \"seeds\"", "(16): $.expectedImages: expectedImages = 0; must be in [1, unbounded]")]
    public void A_number_out_of_range_is_refused_with_the_range(string found, string replacement, string message) =>
        Assert.That(SuiteText.Refusal(found, replacement), Is.EqualTo("own.jsonc" + message));

    [TestCase("\"seeds\"", "seeds", "own.jsonc(16): ")]
    [TestCase("\"epochs\": 1,", "\"epochs\": 1", "own.jsonc(13): $.trainings[0]")]
    [TestCase("\"seeds\": [1, 2],", "\"seeds\": [1, 2", "own.jsonc(17): ")]
    [TestCase("\"scale\": 16", "\"scale\": 16, \"scale\": 8", "own.jsonc(10): $.losses[1].scale: the key \"scale\" occurs twice")]
    public void Invalid_JSON_is_refused_with_its_line(string found, string replacement, string message) =>
        Assert.That(SuiteText.Refusal(found, replacement), Does.StartWith(message));

    [TestCase("", ExpectedResult = "own.jsonc(1): ")]
    [TestCase("null", ExpectedResult = "own.jsonc(1): ")]
    [TestCase("[]", ExpectedResult = "own.jsonc(1): ")]
    [TestCase("\n{", ExpectedResult = "own.jsonc(2): ")]
    public string A_text_that_is_no_suite_is_refused(string text) => Regex.Match(SuiteText.Refusal(text), @"^[^:]*: ").Value;

    [TestCase("\"Does it read?\"", "null")]
    [TestCase("[1, 2]", "{}")]
    [TestCase("\"type\": \"Cosine\", ", "")]
    [TestCase("\"epochs\": 1", "\"augment\": []")]
    [TestCase("{ \"type\": \"Softmax\" }", "3")]
    public void No_message_mentions_NET_types(string found, string replacement) =>
        Assert.That(SuiteText.Refusal(found, replacement), Does.Not.Match(@"System\.|Ablation\.|Options|Nullable|LineNumber|JSON value"));

    [Test]
    public void A_missing_file_is_an_error_with_the_known_suites()
    {
        var refused = Assert.Throws<SuiteException>(() => SuiteFile.Find("nowhere"))!;
        Assert.That(refused.Message, Does.StartWith("nowhere: ").And.Contain("faces-small").And.Contain("quick"));
        using var folder = new TemporaryFolder();
        Assert.That(() => SuiteFile.Read(folder.File("gone.jsonc")), Throws.TypeOf<SuiteException>().With.Message.Contains("gone.jsonc"));
    }
}
