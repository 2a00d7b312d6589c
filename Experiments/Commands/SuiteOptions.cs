using System.CommandLine;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Experiments.Tuning;

namespace Ablation.Experiments.Commands;

/// <summary>Which suite, with which values set, and which part of it: the options of every command that reads a suite.</summary>
internal sealed class SuiteOptions
{
    /// <param name="suite">The command's own argument, where it takes more than a suite.</param>
    public SuiteOptions(Argument<string>? suite = null) => Suite = suite ?? CommandOptions.SuiteArgument();

    public Argument<string> Suite { get; }

    public Option<string[]> Set { get; } = new("--set")
    {
        Description = "sets values of the suite: --set trainings.epochs=5 losses.Npt.k=1,6,all",
        AllowMultipleArgumentsPerToken = true,
    };

    public Option<int[]> Seeds { get; } =
        new("--seeds") { Description = "replaces the suite's seeds: --seeds 1 2 3", AllowMultipleArgumentsPerToken = true };

    public Option<string[]> Losses { get; } = new("--losses")
    {
        Description = "only these losses, by label or pattern: --losses Softmax \"Arc*\"",
        AllowMultipleArgumentsPerToken = true,
    };

    public Option<string[]> Conditions { get; } = new("--conditions")
    {
        Description = "only these conditions, by the name in the report or pattern: --conditions \"*16 px*\"",
        AllowMultipleArgumentsPerToken = true,
    };

    /// <summary>Adds them to a command.</summary>
    /// <param name="ofWhole">Leaves out the options that choose a part of the suite.</param>
    public void AddTo(Command command, bool ofWhole = false)
    {
        command.Arguments.Add(Suite);
        command.Options.Add(Set);
        command.Options.Add(Seeds);
        if (ofWhole) return;
        command.Options.Add(Losses);
        command.Options.Add(Conditions);
    }

    public SuiteChoice Read(ParseResult parsed) => new(parsed.GetValue(Suite) ?? "", parsed.GetValue(Set) ?? [],
        parsed.GetValue(Seeds) ?? [],
        Part(parsed, Losses), Part(parsed, Conditions));

    // a command about whole suites does not have the option
    private static string[] Part(ParseResult parsed, Option<string[]> option) =>
        parsed.GetResult(option) is null ? [] : parsed.GetValue(option) ?? [];
}

/// <summary>A suite as it was named on the command line.</summary>
/// <param name="Name">A shipped suite, or a path.</param>
/// <param name="Set">Values to set: PATH=VALUE.</param>
/// <param name="Seeds">In place of the suite's seeds; empty for those.</param>
/// <param name="Losses">Labels or patterns; empty for all.</param>
/// <param name="Conditions">Names or patterns; empty for all.</param>
internal sealed record SuiteChoice(string Name, string[] Set, int[] Seeds, string[] Losses, string[] Conditions)
{
    /// <summary>Whether it is a part of the suite, or the suite with something changed.</summary>
    public bool Changes => Set.Length + Seeds.Length + Losses.Length + Conditions.Length > 0;

    /// <summary>Returns which part of the suite it is, as a run notes it.</summary>
    public RunPart Part() => new(Seeds, Losses, Conditions);

    /// <summary>Returns the options that choose the same in another process.</summary>
    public IEnumerable<string> Arguments() =>
    [
        .. Given("--set", Set), .. Given("--seeds", [.. Seeds.Select(seed => $"{seed}")]), .. Given("--losses", Losses),
        .. Given("--conditions", Conditions),
    ];

    /// <summary>Reads the suite and applies the choice, and that of tuning.</summary>
    /// <param name="results">Folder of all results, which holds the choice of tuning; null to leave it out.</param>
    /// <exception cref="SuiteException">The file is invalid, a name is not in the suite, or tuning chose for another search.</exception>
    public (Suite Suite, IReadOnlyList<PlannedTrial> Trials) Read(DirectoryInfo? results = null)
    {
        Once("--set", [.. Set.Select(setting => setting.Split('=')[0])]);
        var suite = SuiteFile.Read(SuiteFile.Find(Name), Set);
        Once("--seeds", Seeds);
        if (Seeds.Length > 0) suite = suite with { Seeds = Seeds };
        if (SuiteSize.Problem(suite) is { } size) throw new SuiteException($"--seeds: {size}"); // the file's seeds are checked
        if (TuneRules.SeedProblem(suite) is { } shared) throw new SuiteException($"--seeds: {shared}");
        if (results is not null) suite = ChoiceFile.Apply(suite, new ResultStore(Path.Combine(results.FullName, suite.Name)));
        return (suite, Trials(suite));
    }

    /// <summary>
    /// Returns the trials of the losses and conditions. If tuning chose the default setting, its trial runs once.
    /// </summary>
    /// <exception cref="SuiteException">A loss or a condition is not in the suite.</exception>
    public IReadOnlyList<PlannedTrial> Trials(Suite suite)
    {
        Once("--losses", Losses);
        Once("--conditions", Conditions);
        var all = suite.Trials();
        string[] tuned = suite is { Tune: not null, Tuned: null } ? [.. Labels.Of(suite.Losses).Select(Labels.Tuned)] : [];
        var labels = NamePattern.Choose("--losses", Losses, [.. all.Select(trial => trial.Label).Concat(tuned).Distinct()], suite.Name);
        var trials = all.Where(trial => labels.Contains(trial.Label));
        if (Conditions.Length > 0)
        {
            var names = ConditionNames.Build(suite);
            var chosen = NamePattern.Choose("--conditions", Conditions, [.. names.Values.Distinct()], suite.Name);
            trials = trials.Where(trial => chosen.Contains(names[trial.Condition]));
        }

        return [.. suite.Tuned is null ? trials : trials.DistinctBy(trial => trial.Spec.Id())];
    }

    private static IEnumerable<string> Given(string option, string[] values) => values.Length > 0 ? [option, .. values] : [];

    /// <exception cref="ArgumentException">A value is given twice, which is a mistake: a trial runs once.</exception>
    private static void Once<T>(string option, T[] values)
    {
        if (values.GroupBy(value => value).FirstOrDefault(same => same.Count() > 1) is { } repeated)
            throw new ArgumentException($"{option} {string.Join(' ', values)}: {repeated.Key} is given twice; name each once");
    }
}
