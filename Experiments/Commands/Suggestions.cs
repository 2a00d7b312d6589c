using System.CommandLine;
using System.CommandLine.Completions;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness.Foundations;
using Ablation.Harness.Networks;
using Ablation.Losses;
using Ablation.Losses.Options;

namespace Ablation.Experiments.Commands;

/// <summary>What a shell offers for an argument or an option beside commands and options: suites, losses, trials, by the name of the
/// place.</summary>
internal static class Suggestions
{
    private static readonly Dictionary<string, Func<CompletionContext, IEnumerable<string>>> ByPlace = new()
    {
        ["suite"] = Suites,
        ["id"] = Trials,
        ["trial"] = Trials,
        ["subject"] = Trials,
        ["names"] = context => Suites(context).Concat(Trials(context)),
        ["--trial"] = Trials,
        ["what"] = _ => [.. Catalogue.Sections, .. SpecJson.Kinds.SelectMany(kind => Catalog.RecordsOf(kind).Keys), .. SuiteFile.Shipped],
        ["--losses"] = Losses,
        ["--loss"] = Losses,
        ["--network"] = _ => Catalog.RecordsOf(typeof(BackboneOptions)).Keys,
        ["--device"] = _ => ["auto", "cpu", "cuda", "mps"],
        ["--where"] = _ => Keeping.TrialFilter.KnownKeys.Select(key => $"{key}="),
    };

    /// <summary>Adds them to a command and all below it.</summary>
    public static void AddTo(Command command)
    {
        foreach (var argument in command.Arguments)
        {
            if (!ByPlace.TryGetValue(argument.Name, out var known)) continue;
            argument.HelpName ??= argument.Name; // help would list all that can stand there
            argument.CompletionSources.Add(context => Items(known, context));
        }

        foreach (var option in command.Options)
        {
            if (!ByPlace.TryGetValue(option.Name, out var known)) continue;
            option.HelpName ??= option.Name.TrimStart('-');
            option.CompletionSources.Add(context => Items(known, context));
        }

        foreach (var below in command.Subcommands) AddTo(below);
    }

    private static IEnumerable<CompletionItem> Items(Func<CompletionContext, IEnumerable<string>> known, CompletionContext context)
    {
        try
        {
            return [.. known(context).Where(one => one.StartsWith(context.WordToComplete, StringComparison.OrdinalIgnoreCase))
                .Select(one => new CompletionItem(one))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SuiteException)
        {
            return []; // a key press must not print an error
        }
    }

    private static IEnumerable<string> Losses(CompletionContext context) =>
        [.. Catalog.RecordsOf(typeof(LossOptions)).Keys, Labels.Untrained];

    private static IEnumerable<string> Suites(CompletionContext context) =>
        SuiteFile.Shipped.Concat(SuiteFolders.Of(Results(context)).Select(suite => suite.Name).Where(name => !name.Contains('/')
            && IsOfResults(context))).Distinct();

    /// <summary>Whether the command looks at results only, so that it takes a suite whose file is elsewhere.</summary>
    private static bool IsOfResults(CompletionContext context) => context.ParseResult.CommandResult.Command.Name is "trials";

    private static IEnumerable<string> Trials(CompletionContext context) => SuiteFolders.Of(Results(context))
        .SelectMany(suite => Directory.GetDirectories(Path.Combine(suite.Store.Folder, "trials")))
        .Select(folder => Path.GetFileName(folder))
        .Distinct().Order(StringComparer.Ordinal);

    private static string Results(CompletionContext context) =>
        context.ParseResult.CommandResult.Command.Options.OfType<Option<DirectoryInfo>>().FirstOrDefault(one => one.Name == "--results")
            is { } option && context.ParseResult.GetValue(option) is { } folder ? folder.FullName : "results";
}
