using System.Text.Json;
using Ablation.Experiments.Processes;
using Ablation.Experiments.Suites;
using Ablation.Harness;
using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;
using Ablation.Harness.Protocols;
using Ablation.Harness.Training.Checkpoints;

namespace Ablation.Experiments.Store;

/// <summary>A trial that ended without a result; the next run tries it again.</summary>
/// <param name="Detail">The error with its stack, or the last lines of the log.</param>
/// <param name="Reason">Why the last attempt ended.</param>
public sealed record TrialFailure(string Id, string Label, int Seed, DateTimeOffset Time, string Error, string Detail,
    EndReason Reason = EndReason.Failed);

/// <summary>
/// The trials of one suite on disk: <c>trials/ID/</c> with history.csv, scores-TEST.npz and, written last, result.json.
/// A trial is finished if and only if result.json exists. Every read compares the file with its checksum (<see cref="ResultFile"/>).
/// </summary>
public sealed class ResultStore(string folder)
{
    private const string History = "history.csv";
    private const int MostAtOnce = 1 << 20; // bytes of a file that is read as a whole
    private readonly Dictionary<string, string> earlier = []; // by id: the id of an earlier version that a finished trial is stored under

    /// <summary>The suite's folder.</summary>
    public string Folder { get; } = Path.GetFullPath(folder);

    /// <summary>Whether a trial was ever begun, finished or not.</summary>
    public bool HasTrials => Path.Combine(Folder, "trials") is var trials && Directory.Exists(trials)
        && Directory.EnumerateDirectories(trials).Any();

    public bool Has(string id) => File.Exists(ResultPath(id));

    /// <summary>Looks for finished trials under the id of an earlier version, which depended on the form of a path.</summary>
    /// <returns>This store.</returns>
    public ResultStore Knowing(IEnumerable<PlannedTrial> trials)
    {
        var planned = trials.ToList();
        return Knowing([.. planned.Zip(EveryCore.Select(planned, trial => trial.Spec.Id()))]);
    }

    /// <inheritdoc cref="Knowing(IEnumerable{PlannedTrial})"/>
    /// <param name="trials">With their ids.</param>
    internal ResultStore Knowing(IReadOnlyList<(PlannedTrial Plan, string Id)> trials)
    {
        var moved = EveryCore.Select(trials, trial =>
            !Has(trial.Id) && trial.Plan.Spec.EarlierId() is var before && before != trial.Id && Has(before) ? before : null);
        foreach (var (trial, before) in trials.Zip(moved))
            if (before is not null) earlier[trial.Id] = before;
        return this;
    }

    /// <summary>Writes all files of a finished trial, the result last.</summary>
    /// <param name="weights">File of the trained network, which is moved to its place; null if none is kept.</param>
    /// <exception cref="IOException">A file could not be written; the trial is not finished.</exception>
    public void Save(TrialOutput output, string? weights = null)
    {
        var id = output.Result.Id;
        var files = Files(id);
        AtomicFile.Write(Path.Combine(files.Folder, History), HistoryCsv.Write(output.History));
        foreach (var scores in output.Scores) ScoresFile.Write(ScoresPath(id, scores.Test), scores);
        if (weights is not null) PatientFile.Move(weights, files.Weights, overwrite: true);
        else PatientFile.Delete(files.Weights); // of an earlier attempt, not of this result
        string[] written = [History, .. output.Scores.Select(scores => ScoresName(scores.Test)), .. weights is null
            ? [] : (string[])[TrialWeights.FileName]];
        ResultFile.Write(ResultPath(id),
            output.Result with
            {
                Files = new SortedDictionary<string, string>(written.ToDictionary(name => name,
                name => Seal.OfFile(Path.Combine(files.Folder, name))), StringComparer.Ordinal)
            });
        PatientFile.Delete(FailurePath(id));
    }

    public void Save(TrialFailure failure) => AtomicFile.Write(FailurePath(failure.Id), Seal.Close(SpecJson.Write(failure)));

    /// <summary>Reads the result; null if the trial is not finished.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, changed or of another trial; gives a remedy.</exception>
    public TrialResult? Load(string id) => Has(id) ? ResultFile.Read(ResultPath(id), Path.GetFileName(TrialFolder(id))) : null;

    /// <summary>The same; null also for a damaged result.</summary>
    /// <param name="damage">Its problem and a remedy; null if it is intact or missing.</param>
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

    /// <summary>Returns the problem of a finished trial's files, except the weights, and a remedy; null if there is none or the trial is
    /// not finished.</summary>
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

    /// <summary>Reads a result by its path; its folder may have any name.</summary>
    /// <inheritdoc cref="Load(string)"/>
    /// <param name="path">Of a result.json.</param>
    public static TrialResult ReadResult(string path) => ResultFile.Read(path, null);

    /// <summary>Reads the last failure, or null.</summary>
    /// <exception cref="InvalidDataException">The file is damaged; gives a remedy.</exception>
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
                $"only records how the last attempt ended: delete it", e);
        }
    }

    /// <summary>Reads the log points of a training.</summary>
    /// <exception cref="InvalidDataException">The file is missing, damaged or changed; gives a remedy.</exception>
    public IReadOnlyList<HistoryPoint> LoadHistory(TrialResult result)
    {
        var bytes = Check(result, History);
        return HistoryCsv.Read(Path.Combine(TrialFolder(result.Id), History), bytes);
    }

    /// <summary>Reads the raw scores of one test.</summary>
    /// <param name="shared">Arrays that other trials have too; null to read all of them.</param>
    /// <exception cref="InvalidDataException">The file is missing, damaged or changed; gives a remedy.</exception>
    public TestScores LoadScores(TrialResult result, string test, SharedArrays? shared = null)
    {
        var path = ScoresPath(result.Id, test);
        return Check(result, ScoresName(test)) is { } bytes ? ScoresFile.Read(path, test, bytes, shared) : ScoresFile.Read(path, test);
    }

    /// <summary>Bytes of the file with the raw scores of one test; 0 if there is none.</summary>
    public long SizeOfScores(string id, string test) => new FileInfo(ScoresPath(id, test)) is { Exists: true } file ? file.Length : 0;

    /// <summary>The folder of one trial.</summary>
    public string TrialFolder(string id) => Path.Combine(Folder, "trials", earlier.GetValueOrDefault(id, id));

    /// <summary>The files of the trial while it is not finished.</summary>
    public TrialFiles Files(string id) => new(TrialFolder(id));

    /// <summary>Compares a file beside a result with its hash in the result; results of earlier versions have none.</summary>
    /// <returns>The bytes that were compared; null if there is no hash, or the file is better read in pieces.</returns>
    private byte[]? Check(TrialResult result, string name)
    {
        if (result.Files is not { } files) return null;
        var path = Path.Combine(TrialFolder(result.Id), name);
        if (!files.TryGetValue(name, out var hash)) throw ResultFile.Damaged(path, "the result does not list it");
        try
        {
            var bytes = new FileInfo(path).Length > MostAtOnce ? null : File.ReadAllBytes(path);
            if ((bytes is null ? Seal.OfFile(path) : Seal.Of(bytes)) != hash)
                throw ResultFile.Damaged(path, "it does not have the checksum that result.json lists: it was changed after it was written");
            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ResultFile.Damaged(path, e.Message, e);
        }
    }

    private string ResultPath(string id) => Path.Combine(TrialFolder(id), "result.json");

    private string FailurePath(string id) => Path.Combine(TrialFolder(id), "failure.json");

    private string ScoresPath(string id, string test) => Path.Combine(TrialFolder(id), ScoresName(test));

    private static string ScoresName(string test) => $"scores-{StoredName.FileName(test)}.npz";
}
