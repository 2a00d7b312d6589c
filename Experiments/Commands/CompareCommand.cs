using System.CommandLine;
using Ablation.Experiments.Evaluating;
using Ablation.Experiments.Reports;
using Ablation.Experiments.Reports.Comparing;
using Ablation.Experiments.Store;
using Ablation.Experiments.Terminal;
using Ablation.Harness;

namespace Ablation.Experiments.Commands;

/// <summary><c>ablation compare</c>: two finished trials, losses of a suite over their seeds, or two suites beside each other.</summary>
public sealed class CompareCommand : ISubcommand
{
    private const int UsualPairs = 10;

    public Command Build()
    {
        var names = new Argument<string[]>("names")
        {
            Description = "two trials (their ids, the first four letters of them at least, or their folders); a suite and its losses; " +
                "or two suites",
            Arity = ArgumentArity.OneOrMore,
        };
        var (results, choice) = (CommandOptions.Results(), new SuiteOptions());
        var pairs = new Option<string?>("--pairs")
        {
            Description = "of two trials: the pairs of images that they decide differently in a test, with McNemar's test; the test's " +
                "name may be left out where there is one",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var most = new Option<int>("--most")
        {
            Description = "pairs of images to list with --pairs",
            DefaultValueFactory = _ => UsualPairs,
        };
        var command = new Command("compare",
            "shows two finished trials beside each other, losses of a suite over their seeds, or two suites")
        { names, results, choice.Set, choice.Seeds, pairs, most };
        command.SetAction(parsed =>
        {
            var (folder, look) = (parsed.GetRequiredValue(results), TerminalLook.OfOutput());
            var what = parsed.GetRequiredValue(names);
            var part = choice.Read(parsed); // without a suite: that is the first of the names
            var lines = parsed.GetResult(pairs) is null ? Lines(what, folder, look, part)
                : Pairs(what, folder.FullName, parsed.GetValue(pairs), Math.Max(0, parsed.GetValue(most)), look);
            foreach (var line in lines) Console.WriteLine(line);
            return 0;
        });
        return command;
    }

    /// <param name="choice">What is set in the suite whose losses are compared.</param>
    private static IEnumerable<string> Lines(string[] names, DirectoryInfo results, TerminalLook look, SuiteChoice choice)
    {
        if (names.Length == 1)
            throw new ArgumentException($"{names[0]}: nothing stands beside it; name two trials, a suite and its losses, or two suites");
        if (!ComparedSuites.IsSuite(names[0], results.FullName))
        {
            if (names.Length > 2)
                throw new ArgumentException($"{names[0]}: no suite; name two trials, a suite and its losses, or two suites");
            var (a, b) = Two(names, results.FullName);
            return TrialComparison.Lines(a.Result, b.Result, look);
        }

        if (names.Length == 2 && ComparedSuites.IsSuite(names[1], results.FullName))
            return ComparisonReport.Lines(ComparedSuites.Read(names[0], names[1], results), look);
        var (suite, _) = (choice with { Name = names[0] }).Read(results);
        return LossTables.Lines(suite, new ResultStore(Path.Combine(results.FullName, suite.Name)), names[1..], look);
    }

    private static IEnumerable<string> Pairs(string[] names, string results, string? test, int most, TerminalLook look)
    {
        if (names.Length != 2) throw new ArgumentException("--pairs is of two trials; name two");
        var (a, b) = Two(names, results);
        var (first, second) = (PairsComparison.Read(a.Store, a.Result, test), PairsComparison.Read(b.Store, b.Result, test));
        return PairsComparison.Of(first, second).Lines($"A ({a.Result.Label}, seed {a.Result.Spec.Seed})",
            $"B ({b.Result.Label}, seed {b.Result.Spec.Seed})", most, look);
    }

    private static ((ResultStore Store, TrialResult Result) A, (ResultStore Store, TrialResult Result) B) Two(string[] names,
        string results)
    {
        return (Read(names[0]), Read(names[1]));

        (ResultStore, TrialResult) Read(string named)
        {
            var folder = TrialNames.Folder(named, results);
            return (new ResultStore(Path.GetDirectoryName(Path.GetDirectoryName(folder)!)!),
                ResultStore.ReadResult(Path.Combine(folder, "result.json")));
        }
    }
}
