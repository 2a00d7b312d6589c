using Ablation.Experiments.Reports.Figures;
using Ablation.Experiments.Suites;

namespace Ablation.Experiments.Reports.Comparing;

/// <summary>A setting that two suites do not share.</summary>
/// <param name="Path">"trainings.epochs"; for an option of one loss "Npt: k".</param>
/// <param name="A">Its values, all of them; empty if there are none.</param>
public sealed record ChangedSetting(string Path, string A, string B)
{
    /// <summary>Whether it changes what was trained: no loss's own option, no list of tests or seeds.</summary>
    public bool IsOfTraining => Path.Contains('.', StringComparison.Ordinal) || Path == "resolutions";
}

/// <summary>What was set differently in two suites, read from their finished trials.</summary>
public static class ChangedSettings
{
    private const string OfLoss = "losses.", Absent = "none";

    /// <summary>Returns the settings of the trials that differ: shared ones first, then those of each loss that both have.</summary>
    public static IReadOnlyList<ChangedSetting> Between(ComparedSide a, ComparedSide b)
    {
        var (first, second) = (Read(a), Read(b));
        var common = a.Trials.Rows.Where(b.Trials.Rows.Contains).ToHashSet();
        return
        [
            .. first.Keys.Union(second.Keys).Where(key => key.Loss.Length == 0 || common.Contains(key.Loss))
                .OrderBy(key => key.Loss.Length > 0).ThenBy(key => key.Loss, StringComparer.Ordinal)
                .ThenBy(key => key.Path, StringComparer.Ordinal)
                .Select(key => new ChangedSetting(key.Loss.Length == 0 ? key.Path : $"{key.Loss}: {key.Path[OfLoss.Length..]}",
                    Text(first.GetValueOrDefault(key)), Text(second.GetValueOrDefault(key))))
                .Where(setting => setting.A != setting.B),
            .. Lists(a, b),
        ];
    }

    /// <summary>Returns what the trials were made with, where it differs: program, machine, libraries.</summary>
    public static IReadOnlyList<ChangedSetting> Origins(ComparedSide a, ComparedSide b) =>
    [
        .. new (string Name, Func<Harness.TrialResult, string> Of)[]
        {
            ("commit", trial => trial.Provenance.Commit), ("machine", trial => trial.Provenance.Machine),
            ("device", trial => trial.Provenance.Gpu?.Name ?? trial.Provenance.Device),
            ("operating system", trial => trial.Provenance.OperatingSystem), (".NET", trial => trial.Provenance.Runtime),
            ("TorchSharp", trial => trial.Provenance.TorchSharp),
            ("training images", trial => $"{trial.Provenance.TrainingImages:N0} of {trial.Provenance.Identities:N0} people"),
        }.Select(one => new ChangedSetting(one.Name, All(a, one.Of), All(b, one.Of))).Where(setting => setting.A != setting.B),
    ];

    private static string All(ComparedSide side, Func<Harness.TrialResult, string> of) => string.Join(", ",
        side.Trials.All.Select(trial => of(trial.Result!)).Distinct().Order(StringComparer.Ordinal));

    /// <summary>Lists in which a side has what the other lacks; the order in which a suite names them changes nothing.</summary>
    private static IEnumerable<ChangedSetting> Lists(ComparedSide a, ComparedSide b) =>
        new (string Name, string Between, Func<ComparedSide, IEnumerable<string>> Of)[]
        {
            ("tests", "; ", side => side.Trials.All.SelectMany(trial => trial.Plan.Spec.Tests).Distinct().Select(Labels.Full)),
            ("losses", ", ", side => side.Trials.Rows),
            ("seeds", ", ", side => side.Trials.All.Select(trial => trial.Plan.Spec.Seed).Distinct().Order().Select(seed => $"{seed}")),
        }.Where(list => !list.Of(a).ToHashSet().SetEquals(list.Of(b)))
            .Select(list => new ChangedSetting(list.Name, string.Join(list.Between, list.Of(a)), string.Join(list.Between, list.Of(b))));

    private static string Text(SortedSet<string>? values) => values is null ? Absent : string.Join(", ", SettingPaths.Ordered(values));

    private static Dictionary<(string Loss, string Path), SortedSet<string>> Read(ComparedSide side)
    {
        var (paths, found) = (new SettingPaths(), new Dictionary<(string Loss, string Path), SortedSet<string>>());
        foreach (var trial in side.Trials.All)
        {
            foreach (var (path, value) in paths.Read(trial.Plan.Spec))
            {
                var key = (path.StartsWith(OfLoss, StringComparison.Ordinal) ? trial.Plan.Label : "", path);
                if (!found.TryGetValue(key, out var values)) found[key] = values = new SortedSet<string>(StringComparer.Ordinal);
                values.Add(value);
            }
        }

        return found;
    }
}
