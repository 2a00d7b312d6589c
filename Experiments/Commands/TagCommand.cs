using System.CommandLine;
using Ablation.Experiments.Store;

namespace Ablation.Experiments.Commands;

/// <summary><c>ablation tag ID... NAME</c>: gives trials a word to find them by.</summary>
public sealed class TagCommand : ISubcommand
{
    public Command Build()
    {
        var options = new TrialsOptions();
        var words = new Argument<string[]>("id")
        {
            Description = "ids of trials, or their first four letters, then the tag; the tag alone with --where",
            Arity = ArgumentArity.OneOrMore,
        };
        var remove = new Option<bool>("--remove") { Description = "takes the tag away" };
        var command = new Command("tag", "gives trials a tag, which trials shows and --where tag=NAME chooses by")
        {
            words, options.Where, options.Results, remove,
        };
        command.SetAction(parsed =>
        {
            var given = parsed.GetRequiredValue(words);
            var (tag, isPresent) = (given[^1], !parsed.GetValue(remove));
            var chosen = options.Chosen(parsed, given[..^1], out _);
            var changed = chosen.Count(trial => TrialTags.Set(trial.Folder, tag, isPresent));
            var others = changed == chosen.Count ? "" : isPresent ? "; the others had it" : "; the others had it not";
            Console.WriteLine($"{tag}: {(isPresent ? "given to" : "taken from")} {changed} of {chosen.Count} " +
                $"{(chosen.Count == 1 ? "trial" : "trials")}{others}");
            return 0;
        });
        return command;
    }
}
