using System.Text.Json;
using Ablation.Experiments.Suites;
using Ablation.Harness;
using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;
using Ablation.Harness.Protocols;
using Ablation.Harness.Training.Checkpoints;

namespace Ablation.Experiments.Store;

/// <summary>A trial that ended without a result; it is tried again at the next run.</summary>
/// <param name="Detail">The error with its stack, or the last lines of the log.</param>
/// <param name="Reason">Why the last attempt ended.</param>
public sealed record TrialFailure(string Id, string Label, int Seed, DateTimeOffset Time, string Error, string Detail,
    EndReason Reason = EndReason.Failed);

/// <summary>
/// The trials of one suite on disk: <c>trials/ID/</c> with history.csv, scores-TEST.npz and, written last, result.json.
/// A trial is finished if and only if result.json is there. What is read here was compared with its checksum first (<see
/// cref="ResultFile"/>).
/// </summary>
public sealed class ResultStore(string folder)
{
    private const string History = "history.csv";
    private readonly Dictionary<string, string> earlier = []; // ids of earlier versions that finished trials lie under

    /// <summary>The suite's folder.</summary>
    public string Folder { get; } = Path.GetFullPath(folder);

    public bool Has(string id) => File.Exists(ResultPath(id));

    /// <summary>Finds finished trials under the id that an earlier version gave them, which depended on how a path was written.</summary>
    /// <returns>This store.</returns>
    public ResultStore Knowing(IEnumerable<PlannedTrial> trials)
    {
        foreach (var spec in trials.Select(trial => trial.Spec))
        {
            var (id, before) = (spec.Id(), spec.EarlierId());
            if (id != before && !Has(id) && Has(before)) earlier[id] = before;
        }

        return this;
    }

    /// <summary>Writes all files of a finished trial, the result last.</summary>
    /// <param name="weights">The trained network's file, which is moved to its place; null where none is kept.</param>
    /// <exception cref="IOException">Something could not be written; the trial does not count as finished.</exception>
    public void Save(TrialOutput output, string? weights = null)
    {
        var id = output.Result.Id;
        var files = Files(id);
        AtomicFile.Write(Path.Combine(files.Folder, History), HistoryCsv.Write(output.History));
        foreach (var scores in output.Scores) ScoresFile.Write(ScoresPath(id, scores.Test), scores);
        if (weights is not null) File.Move(weights, files.Weights, overwrite: true);
        else File.Delete(files.Weights); // of an attempt before, which this result is not of
        string[] written = [History, .. output.Scores.Select(scores => ScoresName(scores.Test)), .. weights is null
            ? [] : (string[])[TrialWeights.FileName]];
        ResultFile.Write(ResultPath(id),
            output.Result with
            {
                Files = new SortedDictionary<string, string>(written.ToDictionary(name => name,
                name => Seal.OfFile(Path.Combine(files.Folder, name))), StringComparer.Ordinal)
            });
        File.Delete(FailurePath(id));
    }

    public void Save(TrialFailure failure) => AtomicFile.Write(FailurePath(failure.Id), Seal.Close(SpecJson.Write(failure)));

    /// <summary>The result, or null where the trial is not finished.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, changed or another trial's; says which and what would do.</exception>
    public TrialResult? Load(string id) => Has(id) ? ResultFile.Read(ResultPath(id), Path.GetFileName(TrialFolder(id))) : null;

    /// <summary>The same where a damaged result is as none.</summary>
    /// <param name="damage">What is wrong with it, and what would do; null where it is sound or not there.</param>
    public TrialResult? Load(string id, out string? damage)
    {
        try
        {
            damage = null;
            return Load(id);
        }
        catch (InvalidDataException e)
        {
            damage = e.Message;
            return null;
        }
    }

    /// <summary>What is wrong with a finished trial's files, the weights left out, and what would do; null where nothing is, or it is not
    /// finished.</summary>
    public string? Damage(string id)
    {
        if (Load(id, out var damage) is not { } result) return damage;
        try
        {
            foreach (var name in result.Files?.Keys.Where(name => name != TrialWeights.FileName) ?? []) Check(result, name);
            return null;
        }
        catch (InvalidDataException e)
        {
            return e.Message;
        }
    }

    /// <summary>A result by its path, whatever its folder is called.</summary>
    /// <inheritdoc cref="Load(string)"/>
    /// <param name="path">Of a result.json.</param>
    public static TrialResult ReadResult(string path) => ResultFile.Read(path, null);

    /// <summary>The last failure, or null.</summary>
    /// <exception cref="InvalidDataException">The file is damaged; says which and what would do.</exception>
    public TrialFailure? LoadFailure(string id)
    {
        var path = FailurePath(id);
        if (!File.Exists(path)) return null;
        var json = "";
        try
        {
            json = Seal.Open(File.ReadAllBytes(path)).Json;
            return SpecJson.Read<TrialFailure>(json);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidDataException)
        {
            throw new InvalidDataException(
                $"{(e is InvalidDataException ? $"{path}: {e.Message}" : JsonProblem.Describe(path, json, e, typeof(TrialFailure)))}; it " +
                $"only says how the last attempt ended: delete it", e);
        }
    }

    /// <summary>Reads the log points of a training.</summary>
    /// <exception cref="InvalidDataException">The file, or the result, is not there, damaged or changed; says which and what would
    /// do.</exception>
    public IReadOnlyList<HistoryPoint> LoadHistory(string id) => LoadHistory(Finished(id));

    /// <inheritdoc cref="LoadHistory(string)"/>
    /// <param name="result">As <see cref="Load(string)"/> gave it.</param>
    public IReadOnlyList<HistoryPoint> LoadHistory(TrialResult result)
    {
        Check(result, History);
        return HistoryCsv.Read(Path.Combine(TrialFolder(result.Id), History));
    }

    /// <inheritdoc cref="LoadScores(TrialResult, string)"/>
    // without a result no checksum is known
    public TestScores LoadScores(string id, string test) =>
        Load(id) is { } result ? LoadScores(result, test) : ScoresFile.Read(ScoresPath(id, test), test);

    /// <summary>Raw scores of one test.</summary>
    /// <exception cref="InvalidDataException">The file is not there, damaged or changed; says which and what would do.</exception>
    public TestScores LoadScores(TrialResult result, string test)
    {
        Check(result, ScoresName(test));
        return ScoresFile.Read(ScoresPath(result.Id, test), test);
    }

    /// <summary>The folder of one trial.</summary>
    public string TrialFolder(string id) => Path.Combine(Folder, "trials", earlier.GetValueOrDefault(id, id));

    /// <summary>What the trial leaves there while it is not finished.</summary>
    public TrialFiles Files(string id) => new(TrialFolder(id));

    private TrialResult Finished(string id) =>
        Load(id) ?? throw new InvalidDataException($"{ResultPath(id)}: there is none; run the trial again");

    /// <summary>Compares a file beside a result with the hash that the result has of it; one of an earlier version has none.</summary>
    private void Check(TrialResult result, string name)
    {
        if (result.Files is not { } files) return;
        var path = Path.Combine(TrialFolder(result.Id), name);
        if (!files.TryGetValue(name, out var hash)) throw ResultFile.Damaged(path, "the result does not list it");
        try
        {
            if (Seal.OfFile(path) != hash)
                throw ResultFile.Damaged(path, "it does not have the checksum that result.json lists: it was changed after it was written");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ResultFile.Damaged(path, e.Message, e);
        }
    }

    private string ResultPath(string id) => Path.Combine(TrialFolder(id), "result.json");

    private string FailurePath(string id) => Path.Combine(TrialFolder(id), "failure.json");

    private string ScoresPath(string id, string test) => Path.Combine(TrialFolder(id), ScoresName(test));

    private static string ScoresName(string test) => $"scores-{FileName(test)}.npz";

    /// <summary>A test's name as part of a file name on every platform: "CFP-FP (own alignment)" is cfp-fp-own-alignment.</summary>
    public static string FileName(string test) => StoredName.FileName(test);
}
