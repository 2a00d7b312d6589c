using System.CommandLine;
using Ablation.Experiments.Keeping;
using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Terminal;

namespace Ablation.Experiments.Commands;

/// <summary>
/// <c>ablation delete ID...</c>: deletes trials. Without --yes it only shows them and exits with 3, as something is left to do; it exits
/// with 1 if a trial may not be deleted.
/// </summary>
public sealed class DeleteCommand : ISubcommand
{
    private const int OnlyShown = 3, Refused = 1;

    public Command Build()
    {
        var options = new TrialsOptions();
        var ids = new Argument<string[]>("id")
        {
            Description = "ids of trials, or their first four letters",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var yes = new Option<bool>("--yes") { Description = "deletes; without it the trials are only shown" };
        var command = new Command("delete", "deletes trials from the results; shows them first, and deletes with --yes")
        {
            ids, options.Where, options.Results, yes,
        };
        command.SetAction(parsed =>
        {
            var chosen = options.Chosen(parsed, parsed.GetValue(ids) ?? [], out var all);
            var results = parsed.GetRequiredValue(options.Results).FullName;
            var problems = chosen.Select(trial => TrialRemoval.Problem(trial, results)).OfType<string>().ToList();
            var free = chosen.Where(trial => TrialRemoval.Problem(trial, results) is null).ToList();
            var look = TerminalLook.OfOutput();
            foreach (var line in TrialRows.Lines(free, look)) Console.WriteLine(line);
            var size = PlanText.Bytes(free.Sum(TrialRemoval.Bytes));
            if (parsed.GetValue(yes)) problems.AddRange(free.Select(TrialRemoval.Delete).OfType<string>());
            foreach (var problem in problems.SelectMany(one => Fit.Wrap($"not deleted: {one}", look.Width, 2))) Console.WriteLine(problem);
            foreach (var line in Ends(free, all, size, parsed.GetValue(yes)).SelectMany(line => Fit.Wrap(line, look.Width, 2)))
                Console.WriteLine(line);
            return problems.Count > 0 ? Refused : parsed.GetValue(yes) || free.Count == 0 ? 0 : OnlyShown;
        });
        return command;
    }

    private static IEnumerable<string> Ends(IReadOnlyList<KeptTrial> chosen, IReadOnlyList<KeptTrial> all, string size, bool isDone)
    {
        var trials = $"{chosen.Count} {(chosen.Count == 1 ? "trial" : "trials")}, {size}";
        if (chosen.Count == 0)
        {
            yield return "nothing to delete";
            yield break;
        }

        yield return isDone ? $"deleted {trials}" : $"would delete {trials}; --yes deletes";
        var others = all.Except(chosen).Where(other => chosen.Any(trial => trial.Id == other.Id)).Select(other => other.Suite.Name)
            .Distinct().ToList();
        yield return others.Count == 0
            ? "the next ablation run of a suite trains what is missing again, and writes its report again"
            : "the next ablation run of a suite trains what is missing again; trials that are also in " +
                $"{string.Join(", ", others)} are taken from there";
    }
}
