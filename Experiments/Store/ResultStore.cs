using System.Text.Json;
using Ablation.Harness;
using Ablation.Harness.Evaluation;
using Ablation.Harness.Training;

namespace Ablation.Experiments.Store;

/// <summary>A trial that ended without a result; it is tried again at the next run.</summary>
/// <param name="Detail">The error with its stack, or the last lines of the log.</param>
/// <param name="Reason">Why the last attempt ended.</param>
public sealed record TrialFailure(string Id, string Label, int Seed, DateTimeOffset Time, string Error, string Detail, EndReason Reason = EndReason.Failed);

/// <summary>
/// The trials of one suite on disk: <c>trials/ID/</c> with history.csv, scores-TEST.npz and, written last, result.json.
/// A trial is finished if and only if result.json is there.
/// </summary>
public sealed class ResultStore(string folder)
{
    /// <summary>The suite's folder.</summary>
    public string Folder { get; } = Path.GetFullPath(folder);

    public bool Has(string id) => File.Exists(ResultPath(id));

    /// <summary>Writes all files of a finished trial, the result last.</summary>
    /// <exception cref="IOException">Something could not be written; the trial does not count as finished.</exception>
    public void Save(TrialOutput output)
    {
        var id = output.Result.Id;
        AtomicFile.Write(Path.Combine(TrialFolder(id), "history.csv"), HistoryCsv.Write(output.History));
        foreach (var scores in output.Scores) ScoresFile.Write(ScoresPath(id, scores.Test), scores);
        AtomicFile.Write(ResultPath(id), SpecJson.Write(output.Result) + "\n");
        File.Delete(FailurePath(id));
    }

    public void Save(TrialFailure failure) => AtomicFile.Write(FailurePath(failure.Id), SpecJson.Write(failure) + "\n");

    /// <summary>The result, or null where the trial is not finished.</summary>
    /// <exception cref="InvalidDataException">The file is damaged; says which and what would do.</exception>
    public TrialResult? Load(string id) => Has(id) ? ReadResult(ResultPath(id)) : null;

    /// <inheritdoc cref="Load"/>
    /// <param name="path">Of a result.json.</param>
    public static TrialResult ReadResult(string path) => Read<TrialResult>(path);

    /// <summary>The last failure, or null.</summary>
    public TrialFailure? LoadFailure(string id) => File.Exists(FailurePath(id)) ? Read<TrialFailure>(FailurePath(id)) : null;

    public IReadOnlyList<HistoryPoint> LoadHistory(string id) => HistoryCsv.Read(Path.Combine(TrialFolder(id), "history.csv"));

    /// <summary>Raw scores of one test; those of an earlier version lie in a .csv of pairs.</summary>
    /// <exception cref="InvalidDataException">The file is not there or damaged; says which and what would do.</exception>
    public TestScores LoadScores(string id, string test)
    {
        var path = ScoresPath(id, test);
        var earlier = Path.ChangeExtension(path, ".csv");
        return !File.Exists(path) && File.Exists(earlier) ? ScoresCsv.Read(earlier, test) : ScoresFile.Read(path, test);
    }

    /// <summary>The folder of one trial.</summary>
    public string TrialFolder(string id) => Path.Combine(Folder, "trials", id);

    /// <summary>What the trial leaves there while it is not finished.</summary>
    public TrialFiles Files(string id) => new(TrialFolder(id));

    private string ResultPath(string id) => Path.Combine(TrialFolder(id), "result.json");

    private string FailurePath(string id) => Path.Combine(TrialFolder(id), "failure.json");

    private string ScoresPath(string id, string test) => Path.Combine(TrialFolder(id), $"scores-{FileName(test)}.npz");

    /// <summary>A test's name as part of a file name on every platform: "CFP-FP (own alignment)" is cfp-fp-own-alignment.</summary>
    public static string FileName(string test) => StoredName.Of(test);

    private static T Read<T>(string path)
    {
        try
        {
            return SpecJson.Read<T>(File.ReadAllText(path));
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new InvalidDataException($"{ReaderError.Tell(path, e)}; no result of this version: delete {Path.GetDirectoryName(path)} to run the trial again", e);
        }
    }
}
