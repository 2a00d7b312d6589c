using System.Text;
using Ablation.Tests.Suites;
using TorchSharp;

namespace Ablation.Tests.Commands;

/// <summary>Mistakes that people make, and what the program says: the whole of standard error, in one golden file.</summary>
[Category("Slow")]
public sealed class MistakeTests
{
    private static readonly (string Name, string Found, string Replacement, string[] Arguments)[] Mistakes =
    [
        ("a misspelt loss", "\"ArcFace\"", "\"ArcFaec\"", ["run", Own]),
        ("a value of the wrong type", "\"epochs\": 1", "\"epochs\": \"1\"", ["run", Own]),
        ("a folder that is missing", Synthetic, Folder, ["run", Own, "--device", "cpu", "--data", "elsewhere"]),
        ("--data forgotten", Synthetic, Folder, ["run", Own, "--device", "cpu"]),
        ("a suite that does not exist", "", "", ["run", "quik"]),
        ("8 pixels", "[16]", "[8]", ["run", Own]),
        ("a batch above the data", "\"batch\": 16", "\"batch\": 128", ["run", Own, "--device", "cpu"]),
        ("a seed twice", "[1, 2]", "[1, 2, 1]", ["run", Own]),
        ("an unknown key", "\"marginRadians\"", "\"marginRadian\"", ["run", Own]),
        ("an unknown option", "", "", ["run", Own, "--sedes", "1"]),
        ("k too large", "{ \"type\": \"Softmax\" }", "{ \"type\": \"Npt\", \"k\": 100 }", ["run", Own, "--device", "cpu"]),
        ("a negative rate", "\"batch\": 16", "\"batch\": 16, \"learningRate\": -0.1", ["run", Own]),
        ("a missing comma", "\"epochs\": 1,", "\"epochs\": 1", ["run", Own]),
        ("report before run", "", "", ["report", Own]),
        ("status before run", "", "", ["status", Own]),
        ("a wrong id", "", "", ["evaluate", "1234567890ab", "--device", "cpu"]),
        ("scores that are missing", "", "", ["metrics", "results/own/trials/1234567890ab/scores-lfw.npz"]),
        ("plan without data", Synthetic, Folder, ["plan", Own, "--device", "cpu", "--losses", "Softmax", "--seeds", "1"]),
        ("one seed given twice", "", "", ["run", Own, "--seeds", "1", "1"]),
        ("a word for a number", "", "", ["run", Own, "--seeds", "one"]),
        ("no suite", "", "", ["run"]),
        ("a command that does not exist", "", "", ["rnu", Own]),
        ("two suites", "", "", ["run", Own, "other.jsonc"]),
    ];

    private const string Own = "own.jsonc";
    private const string Synthetic = "{ \"type\": \"Synthetic\", \"identities\": 8, \"imagesPerIdentity\": 8, \"resolution\": 32 }";
    private const string Folder = "{ \"type\": \"Folder\", \"path\": \"faces\" }";

    [Test]
    public void Messages_of_mistakes()
    {
        var text = new StringBuilder();
        foreach (var (name, found, replacement, arguments) in Mistakes)
        {
            using var folder = new TemporaryFolder();
            var (code, output, errors) = Run(folder, found, replacement, arguments);
            // a plan goes on with what it can estimate; the rest of its output depends on the machine
            var stops = output.Split('\n').Where(line => line.StartsWith("would stop", StringComparison.Ordinal))
                .Select(line => line + "\n");
            text.Append($"{name}\n$ ablation {string.Join(' ', arguments)}\n{string.Concat(stops)}{errors}exit code {code}\n\n"
                .Replace(Path.GetFullPath(folder.Path), "FOLDER", StringComparison.Ordinal).Replace('\\', '/'));
            Assert.That(code, Is.EqualTo(2), name);
            Assert.That(errors, Does.Not.Contain("Usage:").And.Not.Contain("   at "), name);
            Assert.That(folder.File("results"), Does.Not.Exist, name);
        }

        Golden.Check(text.ToString());
    }

    [Test]
    public void A_device_that_is_missing_is_named_with_what_would_do()
    {
        if (torch.cuda.is_available()) Assert.Ignore("this machine has a CUDA device");
        using var folder = new TemporaryFolder();
        var (code, _, errors) = Run(folder, "", "", ["run", Own, "--device", "cuda"]);
        Assert.That((code, errors.Split('\n').Length), Is.EqualTo((2, 2)));
        Assert.That(errors, Does.StartWith("error: --device cuda: no CUDA device is available; ").And.Contain("use --device cpu"));
    }

    [Test]
    public void The_first_letters_of_an_id_are_enough_and_a_few_letters_off_are_suggested()
    {
        using var folder = new TemporaryFolder();
        foreach (var id in (string[])["14c172b8b92b", "14c9aaaaaaaa", "ff150f304440"])
        {
            Directory.CreateDirectory(folder.File($"results/own/trials/{id}"));
            if (id[0] == '1') File.WriteAllText(folder.File($"results/own/trials/{id}/result.json"), "{}");
        }

        string Errors(string id) => Cli.Run(folder.Path, "evaluate", id, "--device", "cpu").Errors;
        Assert.That(Errors("14c17"), Does.Contain($"{Path.Combine("14c172b8b92b", "result.json")}(1,2): $: missing 'id'"), "it was found");
        Assert.That(Errors("14c"), Does.Contain("no finished trial of this id"), "too few letters");
        Assert.That(Errors("14c172b8b92c"), Does.Contain("did you mean 14c172b8b92b?"));
        Assert.That(Errors("ff15"), Does.Contain("not finished").And.Contain("ablation status"));
        Directory.Move(folder.File("results/own/trials/14c9aaaaaaaa"), folder.File("results/own/trials/14c17aaaaaaa"));
        Assert.That(Errors("14c17"), Does.Contain("2 trials are called so").And.Contain("give more letters"));
    }

    [Test]
    public void Data_check_takes_the_folder_of_data()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("there/faces/p0"));
        File.WriteAllBytes(folder.File("there/faces/p0/0.ppm"), [.. "P6 2 2 255\n"u8, .. new byte[12]]);
        var (code, output, errors) = Cli.Run(folder.Path, "data", "check", "faces", "--data", "there");
        Assert.That((code, errors), Is.EqualTo((0, "")));
        Assert.That(output, Does.Contain("1 images, 0 bad"));
        (code, _, errors) = Cli.Run(folder.Path, "data", "check", "faces");
        Assert.That(code, Is.EqualTo(2));
        Assert.That(errors, Does.Contain($"{folder.File("faces")}: no such file or folder"));
    }

    private static (int Code, string Output, string Errors) Run(TemporaryFolder folder, string found, string replacement,
        string[] arguments)
    {
        Assert.That(SuiteText.Good, Does.Contain(found), "the premise");
        File.WriteAllText(folder.File(Own), found.Length == 0 ? SuiteText.Good
            : SuiteText.Good.Replace(found, replacement, StringComparison.Ordinal));
        return Cli.Run(folder.Path, arguments);
    }
}
