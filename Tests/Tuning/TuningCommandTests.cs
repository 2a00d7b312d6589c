using Ablation.Tests.Commands;

namespace Ablation.Tests.Tuning;

/// <summary>The commands on a suite with tuning, from its file to its report.</summary>
[Category("Slow")]
[Parallelizable] // each test starts a process
public sealed class TuningCommandTests
{
    private const string Text = """
        {
          "question": "Does it tune?",
          "data": { "type": "Synthetic", "identities": 40, "imagesPerIdentity": 4, "resolution": 16 },
          "tests": [{ "type": "SyntheticPairs", "pairs": 100, "resolution": 16 }],
          "backbones": [{ "type": "Small", "width": 4, "embeddingDimension": 16 }],
          "resolutions": [16],
          "losses": [{ "type": "Npt" }],
          "trainings": [{ "epochs": 1, "batch": 16, "warmUpEpochs": 0.5 }],
          "seeds": [1],
          "untrained": false,
          "tune": {
            "trials": 2, "validationShare": 0.5, "pairs": 20, "metric": "auc", "seeds": [11],
            "space": { "Npt": { "k": { "from": 2, "to": 15 } } }
          }
        }
        """;

    [Test]
    public void Plan_run_status_report_and_submit_handle_a_suite_with_tuning()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("own.jsonc"), Text);

        var plan = Cli.Run(folder.Path, "plan", "own.jsonc", "--device", "cpu");
        Assert.That((plan.Code, plan.Errors), Is.EqualTo((0, "")));
        Assert.That(plan.Output, Does.Contain("own, tuning: 2 configurations per loss").And.Contains("Npt (tuned)"));
        Assert.That(plan.Output.Split('\n')
            .Count(line => line.StartsWith("2 trials to run", StringComparison.Ordinal)), Is.EqualTo(2), "two to tune, two after");

        var submit = Cli.Run(folder.Path, "submit", "own.jsonc", "--slurm", "--dry-run");
        Assert.That((submit.Code, submit.Errors),
            Is.EqualTo((2,
                "error: submit: own has a tune block, and its later trials depend on the choice; run ablation run own " +
                "--tune-only first, then submit the rest\n")));

        var tune = Cli.Run(folder.Path, "run", "own.jsonc", "--device", "cpu", "--jobs", "1", "--tune-only", "--no-report");
        Assert.That(tune.Code, Is.Zero, tune.Errors);
        Assert.That(tune.Output,
            Does.Contain("tuning, round 1 of 1: 2 configurations of each of 1 losses, 1 epochs; 2 trials in ").And.Match(
                @"\ntuned Npt: (k \d+|the suite's own setting)"));
        Assert.That(folder.File("results/own/trials"), Does.Not.Exist);
        var choice = File.ReadAllText(folder.File("results/own/tuning/choice.json"));

        var run = Cli.Run(folder.Path, "run", "own.jsonc", "--device", "cpu", "--jobs", "1");
        Assert.That(run.Code, Is.Zero, run.Errors);
        Assert.That(run.Output, Does.Not.Contain("tuning, round").And.Contains("0 already there, 0 failed"));
        Assert.That(File.ReadAllText(folder.File("results/own/tuning/choice.json")), Is.EqualTo(choice));
        var report = File.ReadAllText(folder.File("results/own/report.md"));
        Assert.That(report,
            Does.Contain("| Npt (tuned) |").And.Contains("## Tuning").And.Contains("No test of the suite was read for choosing."));
        File.Delete(folder.File("results/own/report.md"));
        Assert.That(Cli.Run(folder.Path, "report", "own.jsonc").Code, Is.Zero);
        Assert.That(File.ReadAllText(folder.File("results/own/report.md")), Is.EqualTo(report));
        Assert.That(Cli.Run(folder.Path, "status", "own.jsonc").Output,
            Does.Contain("Npt (tuned)\t").And.Not.Contains("\twaiting\t"), "without the search's trials, which are done");

        File.WriteAllText(folder.File("own.jsonc"), Text.Replace("\"to\": 15", "\"to\": 14", StringComparison.Ordinal));
        var changed = Cli.Run(folder.Path, "run", "own.jsonc", "--device", "cpu");
        Assert.That(changed.Code, Is.EqualTo(2));
        Assert.That(changed.Errors, Does.Contain("chosen for another search").And.Contains("to choose anew"));
    }

    [TestCase("--seeds", "11", "error: --seeds: tune: seeds: 11 also in the suite's seeds")]
    [TestCase("--losses", "Npt (tuned again)", "known: Npt, Npt (tuned)")]
    public void A_wrong_argument_starts_nothing(string option, string value, string message)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("own.jsonc"), Text);
        var (code, _, errors) = Cli.Run(folder.Path, "run", "own.jsonc", option, value);
        Assert.That(code, Is.EqualTo(2));
        Assert.That(errors, Does.Contain(message));
        Assert.That(Directory.Exists(folder.File("results")), Is.False);
    }

    [Test]
    public void Status_before_any_trial_says_that_nothing_was_run()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("own.jsonc"), Text);
        var (code, _, errors) = Cli.Run(folder.Path, "status", "own.jsonc");
        Assert.That((code, errors.Contains("own.jsonc: was never run", StringComparison.Ordinal)), Is.EqualTo((2, true)));
    }
}
