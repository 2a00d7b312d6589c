using Ablation.Experiments.Reports.Figures;
using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Terminal;
using Ablation.Harness;
using Ablation.Harness.Metrics;

namespace Ablation.Experiments.Reports;

/// <summary>Two finished trials beside each other: figures, what was set differently, and whether they began alike.</summary>
internal static class TrialComparison
{
    private const string None = "n/a";

    /// <summary>Returns the lines: a table of figures, one of settings, and what is the same.</summary>
    public static IEnumerable<string> Lines(TrialResult a, TrialResult b, TerminalLook look)
    {
        var figures = Figures(a, b).ToList();
        var settings = Settings(a, b).ToList();
        if (!look.IsTerminal)
        {
            yield return $"field\t{Name(a)}\t{Name(b)}\tdifference";
            foreach (var (test, field, first, second, difference) in figures)
                yield return $"{(test.Length > 0 ? $"{test}: " : "")}{field}\t{first}\t{second}\t{difference}";
            foreach (var (path, first, second) in settings) yield return $"{path}\t{first}\t{second}\t";
        }
        else
        {
            // a test's name would leave no room for what was measured
            figures = [.. figures.GroupBy(row => row.Test).SelectMany(test => test.Key.Length == 0 ? test
                : test.Select(row => row with { Field = $"  {row.Field}" }).Prepend((test.Key, test.Key, "", "", "")))];
            foreach (var line in FittedTable.Lines(
            [
                new("", [.. figures.Select(row => row.Field)]) { IsText = true },
                new($"A  {Name(a)}", [.. figures.Select(row => row.A)]) { IsRight = true },
                new($"B  {Name(b)}", [.. figures.Select(row => row.B)]) { IsRight = true },
                new(look.HasSymbols ? "B − A" : "B - A", [.. figures.Select(row => row.Difference)]) { IsRight = true },
            ], look.Width, look.HasSymbols)) yield return line;
            if (settings.Count > 0)
            {
                yield return "";
                foreach (var line in FittedTable.Lines(
                [
                    new("settings that differ", [.. settings.Select(row => row.Path)]) { IsText = true },
                    new("A", [.. settings.Select(row => row.A)]), new("B", [.. settings.Select(row => row.B)]),
                ], look.Width, look.HasSymbols)) yield return line;
            }

            yield return "";
        }

        string[] last = [Same(a, b), "One trial each: no interval, and no verdict. The suite's report compares losses over seeds."];
        foreach (var line in last.SelectMany(line => Fit.Wrap(line, look.Width, 2))) yield return line;
    }

    public static string Name(TrialResult trial) => $"{trial.Label}, seed {trial.Spec.Seed}";

    /// <summary>Returns test, field, both values and their difference; the test is empty for what is not of a test.</summary>
    public static IEnumerable<(string Test, string Field, string A, string B, string Difference)> Figures(TrialResult a, TrialResult b)
    {
        foreach (var key in a.Metrics.Concat(b.Metrics).Select(Key).Distinct())
        {
            var (first, second) = (Find(a, key), Find(b, key));
            yield return (key.Test, $"{key.Name} % ({key.Estimator})", Digits.Percent(first), Digits.Percent(second),
                first is { } from && second is { } to ? Digits.Points(100 * (to - from)) : "");
        }

        var isComparable = SameLoss(a, b);
        yield return ("", "last loss", a.FinalLoss is { } x ? Digits.Loss(x) : None, b.FinalLoss is { } y ? Digits.Loss(y) : None,
            isComparable && a.FinalLoss is { } last && b.FinalLoss is { } other ? $"{other - last:+0.###;-0.###;0}" : "other scale");
        yield return ("", "ended", a.Ending(), b.Ending(), "");
        yield return ("", "took", Digits.Time(a.Provenance.Seconds), Digits.Time(b.Provenance.Seconds),
            a.Provenance.Machine == b.Provenance.Machine ? "" : "other machine");
        yield return ("", "trial", a.Id, b.Id, "");
    }

    private static (string Test, string Name, string Estimator) Key(Metric metric) => (metric.Test, metric.Name, metric.Estimator);

    private static double? Find(TrialResult trial, (string, string, string) key) =>
        trial.Metrics.FirstOrDefault(metric => Key(metric) == key)?.Value;

    /// <summary>Whether the values of both losses are of one scale: the same loss with the same options.</summary>
    private static bool SameLoss(TrialResult a, TrialResult b) => a.Spec.Loss.Equals(b.Spec.Loss);

    /// <summary>Returns the settings that differ, by their paths.</summary>
    public static IEnumerable<(string Path, string A, string B)> Settings(TrialResult a, TrialResult b)
    {
        var paths = new SettingPaths();
        var (first, second) = (paths.Read(a.Spec), paths.Read(b.Spec));
        (first["seeds"], second["seeds"]) = ($"{a.Spec.Seed}", $"{b.Spec.Seed}");
        foreach (var path in first.Keys.Union(second.Keys).Order(StringComparer.Ordinal))
        {
            var (x, y) = (first.GetValueOrDefault(path, ""), second.GetValueOrDefault(path, ""));
            if (x != y) yield return (path, x, y);
        }
    }

    /// <summary>Says what is the same for both, and what is not.</summary>
    public static string Same(TrialResult a, TrialResult b)
    {
        List<(string What, bool IsSame)> parts =
        [
            ("network", a.Spec.Backbone.Equals(b.Spec.Backbone)), ("pixels", a.Spec.Resolution == b.Spec.Resolution),
            ("data", a.Spec.Data.Equals(b.Spec.Data)), ("training", a.Spec.Training.Equals(b.Spec.Training)),
            ("starting weights", a.Pairing.Weights == b.Pairing.Weights), ("starting proxies", a.Pairing.Proxies == b.Pairing.Proxies),
            ("first batch", a.Pairing.Batches == b.Pairing.Batches), ("commit", a.Provenance.Commit == b.Provenance.Commit),
        ];
        var (same, other) = (parts.Where(part => part.IsSame).ToList(), parts.Where(part => !part.IsSame).ToList());
        return $"same: {(same.Count == 0 ? "nothing" : string.Join(", ", same.Select(part => part.What)))}" +
            (other.Count == 0 ? "" : $"; not the same: {string.Join(", ", other.Select(part => part.What))}");
    }
}
