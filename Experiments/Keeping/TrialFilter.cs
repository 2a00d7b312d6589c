using Ablation.Experiments.Reports.Figures;
using Ablation.Experiments.Suites;
using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Keeping;

/// <summary>
/// Chooses trials by "loss=Arc*,seed!=1,trainings.epochs=20": keys with values, in which * is any text and ? any letter; case does not
/// count. All keys must fit; of several values of one key, one must.
/// </summary>
public sealed class TrialFilter
{
    private static readonly Dictionary<string, Func<KeptTrial, IReadOnlyList<string>>> Keys = new()
    {
        ["suite"] = trial => [trial.Suite.Name],
        ["loss"] = trial => [trial.Loss],
        ["network"] = trial => [trial.Network],
        ["px"] = trial => [$"{trial.Pixels}"],
        ["seed"] = trial => [$"{trial.Seed}"],
        ["state"] = trial => [trial.State],
        ["id"] = trial => [trial.Id],
        ["tag"] = trial => trial.Tags,
    };

    private readonly List<Clause> clauses;

    /// <param name="texts">As written after --where, each one or more clauses between commas.</param>
    /// <exception cref="ArgumentException">A clause has no = or !=.</exception>
    public TrialFilter(IEnumerable<string> texts) =>
        clauses = [.. texts.SelectMany(text => text.Split(',', StringSplitOptions.RemoveEmptyEntries)).Select(Read)];

    /// <summary>Names of the keys that every trial has; a setting's path is a key too.</summary>
    public static IReadOnlyCollection<string> KnownKeys => Keys.Keys;

    /// <summary>Returns the trials that fit, in their order.</summary>
    /// <exception cref="ArgumentException">A key is neither known nor a setting of any of the trials.</exception>
    public IReadOnlyList<KeptTrial> Choose(IReadOnlyList<KeptTrial> trials)
    {
        var known = Keys.Keys.Concat(trials.SelectMany(trial => trial.Settings.Keys).Distinct().Order(StringComparer.Ordinal)).ToList();
        foreach (var clause in clauses.Where(clause => !known.Contains(clause.Key)))
            throw new ArgumentException($"--where {clause.Key}: no such key; {NearName.Hint(clause.Key, known)}");
        return [.. trials.Where(trial => clauses.GroupBy(clause => (clause.Key, clause.IsNot)).All(alike => alike.Key.IsNot
            ? alike.All(clause => !Fits(trial, clause)) : alike.Any(clause => Fits(trial, clause))))];
    }

    private static bool Fits(KeptTrial trial, Clause clause) => Values(trial, clause.Key).Any(value =>
        NamePattern.Matches(clause.Value, value, ignoreCase: true)
        || (SettingPaths.Number(clause.Value) is { } number && SettingPaths.Number(value) == number)); // 64 and 64.0

    private static IReadOnlyList<string> Values(KeptTrial trial, string key) => Keys.TryGetValue(key, out var read) ? read(trial)
        : trial.Settings.TryGetValue(key, out var value) ? [value] : [];

    private static Clause Read(string text)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        var isNot = at > 0 && text[at - 1] == '!';
        var key = at < 0 ? "" : text[..(isNot ? at - 1 : at)].Trim();
        return key.Length > 0 ? new Clause(key, text[(at + 1)..].Trim(), isNot)
            : throw new ArgumentException($"--where {text}: not a choice; write key=value or key!=value, several between commas, with ? " +
                $"for a comma in a value; keys: {string.Join(", ", Keys.Keys)}, and paths of settings such as trainings.epochs");
    }

    private sealed record Clause(string Key, string Value, bool IsNot);
}
