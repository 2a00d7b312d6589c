using Ablation.Tests.Reports.Comparing;

namespace Ablation.Tests.Commands;

/// <summary><c>compare</c> and <c>report --compare</c> find what a person names.</summary>
[Parallelizable, Category("Slow")]
public sealed class CompareCommandTests
{
    [Test]
    public void Suites_losses_and_pairs_are_compared_by_what_a_person_writes()
    {
        using var two = new TwoSuites();
        using var folder = new TemporaryFolder();
        var (before, after) = (two.Before.Store.Folder, two.After.Store.Folder);
        var (code, output, errors) = Cli.Run(folder.Path, "report", "--compare", before, after);
        Assert.That((code, errors), Is.EqualTo((0, "")));
        Assert.That(output, Does.StartWith("With epochs 7 instead of 1, on pairs").And.EndWith("compare.html"));
        Assert.That(File.Exists(output.Split('\n')[^1]));
        Assert.That(Cli.Run(folder.Path, "compare", before, after).Output, Is.Not.Empty.And.SubsetOf(output));

        var losses = Cli.Run(folder.Path, "compare", two.Before.WriteFile(), "Softmax", "ArcFace", "--results", two.Before.Results);
        Assert.That(losses.Output, Does.StartWith("ArcFace is better than Softmax by "));
        var ids = two.A.Trials.All.Select(trial => trial.Id).Take(2).ToList();
        var pairs = Cli.Run(folder.Path, "compare", ids[0], ids[1], "--results", two.Before.Results, "--pairs", "--most", "3");
        Assert.That(pairs.Output, Does.Match("^pairs: of 200 pairs B .*the 3 of \\d+ whose cosines differ most"
            .Replace(".*", "[\\s\\S]*", StringComparison.Ordinal)));
    }

    [Test]
    public void A_mistake_says_what_would_do()
    {
        using var two = new TwoSuites();
        var results = two.Before.Results;
        Assert.That(Said("compare", "quick"), Does.Contain("name two trials, a suite and its losses, or two suites"));
        Assert.That(Said("report", "--compare", two.Before.Store.Folder, two.Before.Store.Folder), Does.Contain("named twice"));
        Assert.That(Said("report", "quick", "--compare", "a", "b"), Does.Contain("leave out the suite"));
        Assert.That(Said("report", "--compare", two.Before.Store.Folder + "@fedc", "known"), Does.Contain("no trial of this commit"));
        Assert.That(Said("compare", two.Before.Store.Folder, "--pairs"), Does.Contain("--pairs is of two trials"));

        string Said(params string[] arguments)
        {
            var (code, _, errors) = Cli.Run(results, [.. arguments, "--results", results]);
            Assert.That(code, Is.EqualTo(2));
            return errors;
        }
    }
}
