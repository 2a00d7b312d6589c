using Ablation.Experiments.Suites;
using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports.Pages;

/// <summary>
/// One figure of the trials of one suite, or of several suites that are studies of one question, by loss and seed. The files are CSVs of
/// <c>trials --csv</c>.
/// </summary>
internal sealed class MeasuredStudies
{
    private static readonly string[] Collapsed = ["diverged", "at chance"];
    private readonly List<Dictionary<string, LossSeeds>> studies = [];

    /// <param name="files">Path of a file from the folder; * in its name stands for any letters, each file being a study.</param>
    /// <param name="test">Null if the file has one test with this figure.</param>
    /// <exception cref="InvalidDataException">There is no such figure, or it occurs by two estimators.</exception>
    public MeasuredStudies(string folder, string files, string figure, string? test = null)
    {
        Figure = figure;
        foreach (var path in Paths(folder, files))
        {
            var lines = MeasuredTrials.Read(path, files, "loss", "state", "n");
            List<IReadOnlyDictionary<string, string>> own =
                [.. lines.Where(line => line["metric"] == figure && (test is null || line["test"] == test))];
            if (own.Count == 0) throw new InvalidDataException($"{path} has no figure {figure}{(test is null ? "" : $" of {test}")}");
            if (own.GroupBy(line => (line["loss"], line["seed"])).FirstOrDefault(same => same.Count() > 1) is { } twice)
                throw new InvalidDataException($"{path}: {figure} of {twice.Key} occurs {twice.Count()} times: " +
                    string.Join("; ", twice.Select(line => $"{line["test"]}, {line["estimator"]}")));
            (Test, Estimator, N) = (own[0]["test"], own[0]["estimator"], own.Max(line => int.Parse(line["n"])));
            var ended = lines.Where(line => Collapsed.Contains(line["state"])).ToLookup(line => line["loss"], line => line["seed"]);
            studies.Add(own.GroupBy(line => line["loss"]).ToDictionary(loss => loss.Key, loss => new LossSeeds(
                loss.Where(line => MeasuredTrials.Value(line) is not null)
                    .ToDictionary(line => int.Parse(line["seed"]), line => MeasuredTrials.Value(line)!.Value),
                ended[loss.Key].Distinct().Count())));
        }
    }

    public string Figure { get; }

    public string Test { get; } = "";

    public string Estimator { get; } = "";

    /// <summary>Pairs, probes or images of the figure.</summary>
    public int N { get; }

    public int Count => studies.Count;

    /// <summary>All losses in the order of the first file, tuned ones too.</summary>
    public IReadOnlyList<string> Losses => [.. studies.SelectMany(study => study.Keys).Distinct()];

    /// <summary>Whether a file of the name exists.</summary>
    public static bool Exist(string folder, string files) => Paths(folder, files).Count > 0;

    private static IReadOnlyList<string> Paths(string folder, string files)
    {
        var path = Path.Combine(folder, files);
        var (home, name) = (Path.GetDirectoryName(path)!, Path.GetFileName(path));
        return Directory.Exists(home) ? [.. Directory.EnumerateFiles(home, name).Order(StringComparer.Ordinal)] : [];
    }

    /// <summary>Returns the values of a loss in a study by seed; empty if it has none.</summary>
    public LossSeeds Of(int study, string loss) => studies[study].GetValueOrDefault(loss) ?? new LossSeeds(new Dictionary<int, double>());

    /// <summary>Returns the mean over studies of the mean over seeds; null without a value.</summary>
    public double? Mean(string loss) => Enumerable.Range(0, Count).Select(study => Of(study, loss).Values.Values)
        .Where(values => values.Any()).Select(values => values.Average()).DefaultIfEmpty(double.NaN).Average() is var mean
        && double.IsNaN(mean) ? null : mean;

    /// <summary>Compares losses with a baseline as one family.</summary>
    /// <param name="margin">The difference that is small enough to be called equal; null for none.</param>
    public IReadOnlyList<MeasuredDifference> Against(string baseline, IReadOnlyList<string> losses, double? margin = null)
    {
        if (Count > 1) return [.. losses.Select(loss => MeasuredDifference.Of(loss, baseline, Count, losses.Count, margin,
            StudyInterval.Of([.. Enumerable.Range(0, Count).Select(study => Differences(study, loss, baseline))], losses.Count)))];
        var judged = ModeratedT.Compare(new ComparedColumn(Of(0, baseline), [.. losses.Select(loss => Of(0, loss))])
        {
            IsShare = true,
            Margin = margin,
        });
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
