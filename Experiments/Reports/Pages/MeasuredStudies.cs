using Ablation.Experiments.Suites;
using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports.Pages;

/// <summary>Which figure of measured trials is meant.</summary>
/// <param name="Test">Null if there is one test with this figure.</param>
/// <param name="Estimator">Null if there is one estimator.</param>
/// <param name="Where">Only trials with these values in columns of the file; null for all.</param>
internal sealed record MeasuredFigure(string Name, string? Test = null, string? Estimator = null,
    IReadOnlyDictionary<string, string>? Where = null)
{
    public bool Fits(IReadOnlyDictionary<string, string> line) => line["metric"] == Name && (Test is null || line["test"] == Test)
        && (Estimator is null || line["estimator"] == Estimator) && IsChosen(line);

    public bool IsChosen(IReadOnlyDictionary<string, string> line) => Where?.All(one => line[one.Key] == one.Value) != false;

    public override string ToString() => string.Join(", ", new[] { Name, Test, Estimator }.OfType<string>()
        .Concat(Where?.Select(one => $"{one.Key} {one.Value}") ?? []));
}

/// <summary>
/// One figure of the trials of one suite, or of several suites that are studies of one question, by loss and seed. The files are CSVs of
/// <c>trials --csv</c>, with the trials that did not end well.
/// </summary>
internal sealed class MeasuredStudies
{
    private static readonly string[] Collapsed = ["diverged", "at chance"];
    private readonly List<Dictionary<string, LossSeeds>> studies = [];
    private readonly List<HashSet<string>> named = []; // losses with any line, by study

    /// <param name="files">Path of a file from the folder; * in its name stands for any letters, each file being a study.</param>
    /// <exception cref="InvalidDataException">There is no such figure, or it occurs several times.</exception>
    public MeasuredStudies(string folder, string files, MeasuredFigure figure)
    {
        foreach (var path in Paths(folder, files))
        {
            var lines = MeasuredTrials.Read(path, files, ["loss", "state", "n", .. figure.Where?.Keys ?? []]);
            var own = lines.Where(figure.Fits).ToList();
            if (own.Count == 0) throw new InvalidDataException($"{path} has no figure {figure}");
            if (own.GroupBy(line => (line["loss"], line["seed"])).FirstOrDefault(same => same.Count() > 1) is { } twice)
                throw new InvalidDataException($"{path}: {figure} of {twice.Key} occurs {twice.Count()} times: " +
                    string.Join("; ", twice.Select(line => string.Join(", ", line
                        .Where(one => one.Key != "value" && twice.Select(other => other[one.Key]).Distinct().Count() > 1)
                        .Select(one => $"{one.Key} {one.Value}")))));
            (Test, Estimator, N) = (own[0]["test"], own[0]["estimator"], own.Max(line => int.Parse(line["n"])));
            var ended = lines.Where(line => Collapsed.Contains(line["state"]) && figure.IsChosen(line))
                .ToLookup(line => line["loss"], line => line["seed"]);
            studies.Add(own.Select(line => line["loss"]).Concat(ended.Select(loss => loss.Key)).Distinct().ToDictionary(loss => loss,
                loss => new LossSeeds(own.Where(line => line["loss"] == loss && !ended[loss].Contains(line["seed"])
                    && MeasuredTrials.Value(line) is not null)
                    .ToDictionary(line => int.Parse(line["seed"]), line => MeasuredTrials.Value(line)!.Value),
                    ended[loss].Distinct().Count())));
            named.Add([.. lines.Where(figure.IsChosen).Select(line => line["loss"])]);
        }
    }

    public string Test { get; } = "";

    public string Estimator { get; } = "";

    /// <summary>Pairs, probes or images of the figure.</summary>
    public int N { get; }

    public int Count => studies.Count;

    /// <summary>All losses in the order of the files, tuned ones too.</summary>
    public IReadOnlyList<string> Losses => [.. studies.SelectMany(study => study.Keys).Concat(IsTuning
        ? studies.SelectMany(study => study.Keys).Select(loss => Labels.Tuned(AsGiven(loss))) : []).Distinct()];

    private bool IsTuning => studies.Exists(study => study.Keys.Any(IsTuned));

    /// <summary>Whether a file of the name exists.</summary>
    public static bool Exist(string folder, string files) => Paths(folder, files).Count > 0;

    private static IReadOnlyList<string> Paths(string folder, string files)
    {
        var path = Path.Combine(folder, files);
        var (home, name) = (Path.GetDirectoryName(path)!, Path.GetFileName(path));
        return Directory.Exists(home) ? [.. Directory.EnumerateFiles(home, name).Order(StringComparer.Ordinal)] : [];
    }

    /// <summary>Whether tuning kept the suite's own setting in a study: the tuned row is then the trials of the row as given.</summary>
    public bool IsOwnSetting(int study, string loss) => IsTuned(loss) && !named[study].Contains(loss) && named[study].Any(IsTuned)
        && named[study].Contains(AsGiven(loss));

    /// <summary>Returns the values of a loss in a study by seed; empty if it has none.</summary>
    public LossSeeds Of(int study, string loss) => studies[study].GetValueOrDefault(IsOwnSetting(study, loss) ? AsGiven(loss) : loss)
        ?? new LossSeeds(new Dictionary<int, double>());

    /// <summary>Returns the values of a loss in every study that trained it anew: rows as given are the same trials in all.</summary>
    public IReadOnlyList<LossSeeds> Distinct(string loss) => [.. Enumerable.Range(0, Count).Select(study => Of(study, loss))
        .DistinctBy(seeds => string.Join(' ', seeds.Values.OrderBy(one => one.Key).Select(one => $"{one.Key}:{one.Value:R}")))];

    /// <summary>Returns the mean over studies of the mean over seeds; null without a value.</summary>
    public double? Mean(string loss) => Distinct(loss).Where(seeds => seeds.Values.Count > 0)
        .Select(seeds => (double?)seeds.Values.Values.Average()).DefaultIfEmpty(null).Average();

    /// <summary>Returns how many seeds of all studies collapsed.</summary>
    public int CollapsedSeeds(string loss) => Distinct(loss).Sum(seeds => seeds.Collapsed);

    /// <summary>Compares losses with a baseline as one family.</summary>
    public IReadOnlyList<MeasuredDifference> Against(string baseline, IReadOnlyList<string> losses)
    {
        if (Count > 1) return [.. losses.Select(loss => MeasuredDifference.Of(loss, baseline, Count, losses.Count,
            CollapsedSeeds(loss) + CollapsedSeeds(baseline),
            StudyInterval.Of([.. Enumerable.Range(0, Count).Select(study => Differences(study, loss, baseline))], losses.Count)))];
        var judged = ModeratedT.Compare(new ComparedColumn(Of(0, baseline), [.. losses.Select(loss => Of(0, loss))]) { IsShare = true });
        return [.. losses.Zip(judged, (loss, one) => MeasuredDifference.Of(loss, baseline, one))];
    }

    private Dictionary<int, double> Differences(int study, string loss, string baseline)
    {
        var (one, other) = (Of(study, loss).Values, Of(study, baseline).Values);
        return one.Keys.Intersect(other.Keys).ToDictionary(seed => seed, seed => one[seed] - other[seed]);
    }

    /// <summary>"ArcFace" of "ArcFace (tuned)"; the same if it is not a tuned row.</summary>
    public static string AsGiven(string loss)
    {
        var ending = Labels.Tuned("");
        return loss.EndsWith(ending, StringComparison.Ordinal) ? loss[..^ending.Length] : loss;
    }

    /// <summary>Whether it is the row of a tuned loss.</summary>
    public static bool IsTuned(string loss) => AsGiven(loss) != loss;
}
