using System.CommandLine;
using Ablation.Experiments.Keeping;

namespace Ablation.Experiments.Commands;

/// <summary>Which trials of the results: the options of every command that works on several of them.</summary>
internal sealed class TrialsOptions
{
    public Option<string[]> Where { get; } = new("--where")
    {
        Description = "only trials that fit: --where \"loss=Arc*,seed!=1,trainings.epochs=20\"; keys: " +
            $"{string.Join(", ", TrialFilter.KnownKeys)}, and paths of settings",
    };

    public Option<DirectoryInfo> Results { get; } = CommandOptions.Results();

    /// <summary>Returns the trials of some suites that fit.</summary>
    /// <param name="suite">Null for all suites.</param>
    public IReadOnlyList<KeptTrial> Read(ParseResult parsed, string? suite = null) =>
        new TrialFilter(parsed.GetValue(Where) ?? []).Choose(All(parsed, suite));

    /// <summary>Returns the trials of ids, or those that --where chooses.</summary>
    /// <exception cref="ArgumentException">Neither is given, or both.</exception>
    public IReadOnlyList<KeptTrial> Chosen(ParseResult parsed, IReadOnlyList<string> ids, out IReadOnlyList<KeptTrial> all)
    {
        var where = parsed.GetValue(Where) ?? [];
        if (ids.Count == 0 == (where.Length == 0))
            throw new ArgumentException("which trials? give their ids, or choose them with --where, not both; ablation trials lists them");
        all = All(parsed, null);
        return where.Length > 0 ? new TrialFilter(where).Choose(all) : KeptTrials.Of(ids, all);
    }

    private IReadOnlyList<KeptTrial> All(ParseResult parsed, string? suite) => KeptTrials.Read(
        KeptTrials.Suites(suite, parsed.GetRequiredValue(Results).FullName), DateTimeOffset.Now,
        Note);

    /// <summary>Whether anything could not be read.</summary>
    public bool HasProblems { get; private set; }

    /// <summary>Says what could not be read.</summary>
    public void Note(string problem)
    {
        HasProblems = true;
        Console.Error.WriteLine(problem);
    }
}
