using System.Diagnostics;
using Ablation.Experiments.Suites;
using Ablation.Tests.Commands;

namespace Ablation.Tests.Suites;

/// <summary>A suite of too many trials is refused before they are listed.</summary>
public sealed class SuiteSizeTests
{
    [Test]
    public void Two_million_seeds_are_refused_at_once()
    {
        var clock = Stopwatch.StartNew();
        Assert.That(SuiteText.Refusal("\"seeds\": [1, 2]", $"\"seeds\": [{string.Join(',', Enumerable.Range(1, 2_000_000))}]"), Is.EqualTo(
            "own.jsonc: 2,000,000 seeds x 1 conditions x 3 rows are 6,000,000 trials, "
            + "and a suite has 100,000 at most; use fewer seeds, or split the suite"));
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(10)));
    }

    [TestCase(33_333, true)]
    [TestCase(33_334, false)]
    public void The_limit_counts_seeds_conditions_and_rows(int seeds, bool fits)
    {
        var suite = SuiteText.Read(SuiteText.Good) with { Seeds = [.. Enumerable.Range(1, seeds)] };
        Assert.That(SuiteSize.Problem(suite) is null, Is.EqualTo(fits));
        Assert.That(SuiteSize.Problem(suite with { Resolutions = [16, 32] }), Is.Not.Null);
        Assert.That(suite.Trials(), Has.Count.EqualTo(3 * seeds), "the count equals the number of trials");
    }

    [Test]
    public void The_limit_counts_the_product_of_all_axes_of_a_condition()
    {
        var suite = SuiteText.Read(SuiteText.Good);
        var many = suite with
        {
            Trainings = [.. Enumerable.Repeat(suite.Trainings[0], 100_000)],
            Backbones = [.. Enumerable.Repeat(suite.Backbones[0], 100_000)],
        };
        Assert.That(SuiteSize.Problem(many), Does.StartWith("2 seeds x 10,000,000,000 conditions x 3 rows are 60,000,000,000 trials"));
    }

    [Test, Platform(Exclude = "Win", Reason = "a command line has 32,767 characters at most there")]
    public void Seeds_of_the_command_line_count_too()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("own.jsonc");
        File.WriteAllText(path, SuiteText.Good);
        var (code, _, errors) = Cli.Run(folder.Path, ["status", path, "--seeds", .. Enumerable.Range(1, 40_000).Select(seed => $"{seed}")]);
        Assert.That(code, Is.EqualTo(2), errors);
        Assert.That(errors,
            Does.StartWith("error: --seeds: 40,000 seeds x 1 conditions x 3 rows are 120,000 trials, and a suite has 100,000 at most"));
    }
}
