using System.Text.Json;
using Ablation.Harness;
using Ablation.Harness.Evaluation;
using Ablation.Harness.Training;

namespace Ablation.Experiments.Store;

/// <summary>A trial that ended with an error; it is tried again at the next run.</summary>
public sealed record TrialFailure(string Id, string Label, int Seed, DateTimeOffset Time, string Error, string Detail);

/// <summary>
/// The trials of one suite on disk: <c>trials/ID/</c> with history.csv, scores-TEST.csv and, written last, result.json.
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
        foreach (var scores in output.Scores) AtomicFile.Write(ScoresPath(id, scores.Test), ScoresCsv.Write(scores));
        AtomicFile.Write(ResultPath(id), SpecJson.Write(output.Result) + "\n");
        File.Delete(FailurePath(id));
    }

    public void Save(TrialFailure failure) => AtomicFile.Write(FailurePath(failure.Id), SpecJson.Write(failure) + "\n");

    /// <summary>The result, or null where the trial is not finished.</summary>
    /// <exception cref="InvalidDataException">The file is damaged; says which and what would do.</exception>
    public TrialResult? Load(string id) => Has(id) ? Read<TrialResult>(ResultPath(id)) : null;

    /// <summary>The last failure, or null.</summary>
    public TrialFailure? LoadFailure(string id) => File.Exists(FailurePath(id)) ? Read<TrialFailure>(FailurePath(id)) : null;

    public IReadOnlyList<HistoryPoint> LoadHistory(string id) => HistoryCsv.Read(Path.Combine(TrialFolder(id), "history.csv"));

    public PairScores LoadScores(string id, string test) => ScoresCsv.Read(ScoresPath(id, test), test);

    /// <summary>Takes the trial for this process; null where another process has it. Freed by disposing, and by the end of the process.</summary>
    /// <exception cref="IOException">The folder cannot be written; the trial is not taken.</exception>
    public IDisposable? TryTake(string id)
    {
        var path = Path.Combine(TrialFolder(id), "running.lock");
        try
        {
            Directory.CreateDirectory(TrialFolder(id));
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException e) when (IsHeldByAnother(e))
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{path}: the trial could not be taken ({e.Message}); free space or choose another --results folder", e);
        }
    }

    /// <summary>The folder of one trial.</summary>
    public string TrialFolder(string id) => Path.Combine(Folder, "trials", id);

    private string ResultPath(string id) => Path.Combine(TrialFolder(id), "result.json");

    private string FailurePath(string id) => Path.Combine(TrialFolder(id), "failure.json");

    private string ScoresPath(string id, string test) => Path.Combine(TrialFolder(id), $"scores-{FileName(test)}.csv");

    /// <summary>A test's name as part of a file name on every platform: "CFP-FP (own alignment)" is cfp-fp-own-alignment.</summary>
    public static string FileName(string test) =>
        string.Join('-', new string([.. test.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>A sharing or lock violation on Windows; EWOULDBLOCK of Linux (11) and macOS (35), where .NET's HResult is the errno.</summary>
    private static bool IsHeldByAnother(IOException e) =>
        OperatingSystem.IsWindows() ? e.HResult is unchecked((int)0x80070020) or unchecked((int)0x80070021) : e.HResult is 11 or 35;

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
