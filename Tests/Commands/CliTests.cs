using System.Text.RegularExpressions;
using Ablation.Experiments.Suites;
using Ablation.Harness.Networks;
using Ablation.Losses;
using Ablation.Losses.Options;
using Ablation.Tests.Suites;

namespace Ablation.Tests.Commands;

/// <summary>Each command from its arguments to its exit code.</summary>
[Parallelizable] // each test starts a process
public sealed class CliTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void Make() => folder = new TemporaryFolder();

    [TearDown]
    public void Remove() => folder.Dispose();

    [Test]
    public void List_names_every_suite_loss_and_backbone()
    {
        var (code, output, errors) = Cli.Run(folder.Path, "list", "--all");
        Assert.That((code, errors), Is.EqualTo((0, "")));
        var shipped = Catalog.RecordsOf<LossOptions>().Where(loss => loss.Value.Assembly == typeof(LossOptions).Assembly)
            .Select(loss => loss.Key);
        var names = output.Split('\n').Where(line => line.StartsWith("  ", StringComparison.Ordinal))
            .Select(line => line.Trim().Split(' ')[0]).ToList();
        Assert.That(shipped.Concat(Catalog.RecordsOf<BackboneOptions>().Keys).Concat(SuiteFile.Shipped), Is.SubsetOf(names));
    }

    [Test]
    public void An_unknown_suite_ends_with_2_and_a_list_of_the_known_ones([Values("run", "plan", "report")] string command)
    {
        var (code, output, errors) = Cli.Run(folder.Path, command, "quik");
        Assert.That((code, output), Is.EqualTo((2, "")));
        Assert.That(errors,
            Is.EqualTo("error: quik: no such suite; did you mean quick?\n" +
            "  name one that ships (ablation list suites), or the path of a .jsonc file\n"));
    }

    [TestCase("--device", "gpu", "--device gpu: not known")]
    [TestCase("--losses", "Npt", "--losses Npt: not in own; known: untrained, Softmax, ArcFace")]
    [TestCase("--seeds", "one", "one")]
    [TestCase("--sedes", "1", "--sedes")]
    public void A_wrong_argument_starts_nothing(string option, string value, string message)
    {
        var (code, _, errors) = Cli.Run(folder.Path, "run", Suite(), option, value);
        Assert.That(code, Is.EqualTo(2));
        Assert.That(errors, Does.Contain(message).And.Not.Contains("   at "));
        Assert.That(Directory.Exists(folder.File("results")), Is.False);
    }

    [Test, Category("Slow")]
    public void Plan_estimates_and_trains_nothing()
    {
        var (code, output, errors) = Cli.Run(folder.Path, "plan", "quick", "--threads", "1", "--device", "cpu");
        Assert.That((code, errors), Is.EqualTo((0, "")));
        Assert.That(output,
            Does.Match(@"21 trials to run, about [\d.]+ (s|min|h) on cpu with \d+ jobs? x 1 thread, " +
                @"done \d{4}-\d\d-\d\d \d\d:\d\d if started now"));
        Assert.That(Directory.GetFileSystemEntries(folder.Path), Is.Empty);
    }

    [Test]
    public void Run_writes_the_report_of_a_suite_file_and_report_needs_only_the_results()
    {
        var suite = Suite();
        var (code, output, errors) = Cli.Run(folder.Path, "run", suite, "--results", "there", "--threads", "1", "--device", "cpu",
            "--seeds", "7");
        Assert.That(code, Is.Zero, errors);
        Assert.That(output, Does.Contain("3 finished, 0 already there, 0 failed, 0 run by another process"));
        var page = folder.File("there/own/report.html");
        Assert.That(page, Does.Exist);
        Assert.That(Directory.GetFiles(folder.File("there"), "result.json", SearchOption.AllDirectories), Has.Length.EqualTo(3));

        var (first, csv) = (File.ReadAllBytes(page), File.ReadAllBytes(folder.File("there/own/summary.csv")));
        File.Delete(page);
        var report = Cli.Run(folder.Path, "report", suite, "--results", "there", "--seeds", "7");
        Assert.That(report.Code, Is.Zero, report.Errors);
        Assert.That(report.Output.Split('\n')
            .Select(line => line.Trim()),
            Has.One.EndsWith(Path.Combine("there", "own", "report.html")).And.One.EndsWith(Path.Combine("there", "index.html")));
        Assert.That(File.ReadAllBytes(page), Is.EqualTo(first));
        Assert.That(File.ReadAllBytes(folder.File("there/own/summary.csv")), Is.EqualTo(csv));
    }

    [Test]
    public void Plan_lists_what_would_stop_the_run()
    {
        var suite = Suite("{ \"type\": \"Softmax\" }", "{ \"type\": \"Npt\", \"k\": 100 }");
        var (code, output, errors) = Cli.Run(folder.Path, "plan", suite, "--threads", "1", "--device", "cpu");
        Assert.That(code, Is.EqualTo(2), errors);
        Assert.That(output, Does.Contain($"would stop the run: {suite}(9,27): losses: ").And.Contain("Npt: k = 100 with 8 identities"));
    }

    /// <summary>Run refuses what plan lists, with the same exit code, and starts nothing.</summary>
    [TestCase("[{ \"type\": \"SyntheticPairs\", \"pairs\": 100, \"resolution\": 32 }]",
        "[{ \"type\": \"SyntheticPairs\", \"pairs\": 100, \"resolution\": 32 }, { \"type\": \"SyntheticPairs\", \"pairs\": 100, " +
        "\"resolution\": 32, \"seed\": 1 }]",
        "tests: two are called \"synthetic pairs (difficulty 0.5)\"")]
    [TestCase("\"batch\": 16, \"warmUpEpochs\": 0.5", "\"batch\": 128, \"accumulate\": 2, \"warmUpEpochs\": 0",
        "the training would have no step", Category = "Slow")]
    [TestCase("\"imagesPerIdentity\": 8", "\"imagesPerIdentity\": 1", "8 images do not fill one batch of 16", Category = "Slow")]
    public void Plan_and_run_agree_before_the_first_trial(string found, string replacement, string message)
    {
        var suite = Suite(found, replacement);
        var plan = Cli.Run(folder.Path, "plan", suite, "--threads", "1", "--device", "cpu");
        Assert.That((plan.Code, plan.Errors), Is.EqualTo((2, "")));
        Assert.That(plan.Output, Does.Match($@"would stop the run: {Regex.Escape(suite)}\(\d+,\d+\): ").And.Contains(message));
        var run = Cli.Run(folder.Path, "run", suite, "--threads", "1", "--device", "cpu");
        Assert.That(run.Code, Is.EqualTo(2));
        Assert.That(run.Errors, Does.Match($@"^error: {Regex.Escape(suite)}\(\d+,\d+\): ").And.Contains(message));
        Assert.That(Directory.Exists(folder.File("results")), Is.False);
    }

    [TestCase("--seeds", "3 1 3", "--seeds 3 1 3: 3 is given twice; name each once")]
    [TestCase("--losses", "Softmax Softmax", "--losses Softmax Softmax: Softmax is given twice; name each once")]
    [TestCase("--memory-limit", "1MB", "own.jsonc: Softmax, Small")]
    public void A_mistake_on_the_command_line_starts_nothing(string option, string values, string message)
    {
        var (code, _, errors) = Cli.Run(folder.Path, ["run", Suite(), "--device", "cpu", option, .. values.Split(' ')]);
        Assert.That(code, Is.EqualTo(2));
        Assert.That(errors, Does.Contain(message));
        Assert.That(Directory.Exists(folder.File("results")), Is.False);
    }

    [Test]
    public void Every_problem_of_a_run_is_reported_at_once()
    {
        File.WriteAllText(folder.File("results"), "a file");
        var suite = Suite("{ \"type\": \"Softmax\" }", "{ \"type\": \"Npt\", \"k\": 100 }");
        var (code, _, errors) = Cli.Run(folder.Path, "run", suite, "--device", "mps");
        Assert.That(code, Is.EqualTo(2));
        Assert.That(errors,
            Does.Contain("--device mps: this machine has no Metal GPU").And.Contains("--results: ").And.Contains(
                "k = 100 with 8 identities"));
    }

    [Test]
    public void A_failed_trial_ends_with_1_and_a_report()
    {
        for (var image = 0; image < 64; image++) Put(Path.Combine("faces", $"p{image / 8}", $"{image}.ppm"), isWhole: image != 40);
        var suite = Suite("{ \"type\": \"Synthetic\", \"identities\": 8, \"imagesPerIdentity\": 8, \"resolution\": 32 }",
            "{ \"type\": \"Folder\", \"path\": \"faces\" }");
        var (code, output, errors) = Cli.Run(folder.Path, "run", suite, "--threads", "1", "--device", "cpu", "--seeds", "1", "--losses",
            "Softmax");
        Assert.That(code, Is.EqualTo(1), errors);
        Assert.That(output,
            Does.Match(@"Z failed loss=Softmax seed=1 reason=failed text=""").And.Contains("0 finished, 0 already there, 1 failed"));
        Assert.That(File.ReadAllText(folder.File("results/own/report.md")), Does.Match(@"Softmax, seed 1 failed: .*40\.ppm"));
    }

    private void Put(string name, bool isWhole)
    {
        var path = folder.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, [.. "P6 32 32 255\n"u8, .. new byte[isWhole ? 32 * 32 * 3 : 10]]);
    }

    [Test]
    public void Missing_data_end_a_run_with_2_before_it_starts()
    {
        var suite = Suite("{ \"type\": \"Synthetic\", \"identities\": 8, \"imagesPerIdentity\": 8, \"resolution\": 32 }",
            "{ \"type\": \"Folder\", \"path\": \"nowhere\" }");
        var (code, output, errors) = Cli.Run(folder.Path, "run", suite, "--threads", "1", "--device", "cpu");
        Assert.That(code, Is.EqualTo(2));
        Assert.That(errors, Does.Match(@"^error: .*own\.jsonc\(4,39\): data: .*nowhere: no such folder; check the path and the data "
            + @"folder; path ""nowhere"" starts from the folder of --data, now .*\n  4 \|.*\n +\| +~~~~~~~~~\s*$"));
        Assert.That(output, Does.Not.Contain(" start "));
    }

    [Test]
    public void A_results_folder_that_cannot_be_written_ends_with_2()
    {
        File.WriteAllText(folder.File("results"), "a file");
        var (code, _, errors) = Cli.Run(folder.Path, "run", Suite(), "--threads", "1", "--device", "cpu");
        Assert.That(code, Is.EqualTo(2));
        Assert.That(errors, Does.StartWith("error: ").And.Contains("--results"));
    }

    private string Suite(string found = "Does it read?", string replacement = "Does it run?")
    {
        Assert.That(SuiteText.Good.Contains(found, StringComparison.Ordinal), "the premise");
        File.WriteAllText(folder.File("own.jsonc"), SuiteText.Good.Replace(found, replacement, StringComparison.Ordinal));
        return folder.File("own.jsonc");
    }
}
