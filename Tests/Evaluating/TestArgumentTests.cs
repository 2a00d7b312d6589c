using Ablation.Experiments.Evaluating;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Protocols;

namespace Ablation.Tests.Evaluating;

/// <summary>Tests named on the command line.</summary>
public sealed class TestArgumentTests
{
    private static readonly DataRoot Here = new(".");

    [Test]
    public void Reads_JSON_of_one_test_or_a_list_and_files_of_it()
    {
        const string One = "{ \"type\": \"SyntheticPairs\", \"pairs\": 40 }";
        Assert.That(TestArgument.Read(One, Here), Is.EqualTo(new[] { new SyntheticPairsOptions { Pairs = 40 } }));
        Assert.That(TestArgument.Read($"[{One}, {{ \"type\": \"VerificationBin\", \"path\": \"lfw.bin\" }}]", Here), Has.Count.EqualTo(2));
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("tests.jsonc"), $"// two\n[{One}, {One.Replace("40", "80", StringComparison.Ordinal)},]");
        Assert.That(TestArgument.Read(folder.File("tests.jsonc"), Here), Has.Count.EqualTo(2));
        Assert.That(TestArgument.Read("tests.jsonc", new DataRoot(folder.Path)), Has.Count.EqualTo(2), "below the data folder too");
    }

    [Test]
    public void Paths_are_recognised()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("cplfw.bin"), []);
        Assert.That(TestArgument.Read(folder.File("cplfw.bin"), Here),
            Is.EqualTo(new[] { new VerificationBinOptions { Path = folder.File("cplfw.bin") } }));
        Directory.CreateDirectory(folder.File("faces/Ann"));
        Assert.That(() => TestArgument.Read(folder.File("faces"), Here),
            Throws.ArgumentException.With.Message.Contains("not a test").And.Message.Contains("VerificationBin"));
    }

    [TestCase("{ \"type\": \"Gone\" }", "unknown test \"Gone\"; known: ")]
    [TestCase("{ \"type\": \"SyntheticPairs\", \"pears\": 40 }", "pears")]
    [TestCase("{ \"type\": \"SyntheticPairs\"", "--on")]
    public void Invalid_JSON_is_reported(string json, string what) =>
    Assert.That(() => TestArgument.Read(json, Here), Throws.ArgumentException.With.Message.Contains(what));

    [Test]
    public void A_missing_path_is_reported() =>
    Assert.That(() => TestArgument.Read("no/such", Here), Throws.TypeOf<DataProblem>().With.Message.Contains("no such file or folder"));
}
