using System.Text.Json;
using System.Text.Json.Serialization;
using Ablation.Harness;
using Ablation.Harness.Data;
using Ablation.Harness.Evaluation;

namespace Ablation.Experiments.Store;

/// <summary>A test that was taken after the training, or of a file of embeddings.</summary>
/// <param name="Test">As tables call it: one part of <paramref name="Protocol"/>.</param>
/// <param name="Subject">Hash of the weights, or of the embeddings' file.</param>
/// <param name="Data">Fingerprint of the test.</param>
/// <param name="Metrics">Those of tables; all others come from the scores beside this file.</param>
/// <param name="Overlap">With the trial's training set; null where that was not there, or for a file of embeddings.</param>
public sealed record StoredEvaluation(string Test, ProtocolOptions Protocol, string Subject, string Data, DateTimeOffset Time, string Commit, IReadOnlyList<Metric> Metrics, DataOverlap? Overlap = null)
{
    /// <summary>What the test noticed of itself; null where nothing, and for files of earlier versions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<DataNote>? Notes { get; init; }
}

/// <summary>The evaluations of one trial, or of one file: <c>evaluations/TEST.npz</c> with the scores, and TEST.json, written last.</summary>
public sealed class EvaluationStore(string folder)
{
    private readonly string folder = Path.Combine(folder, "evaluations");

    /// <returns>The path of the scores.</returns>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public string Save(StoredEvaluation evaluation, TestScores scores)
    {
        ScoresFile.Write(ScoresPath(evaluation.Test), scores);
        AtomicFile.Write(PathOf(evaluation.Test), SpecJson.Write(evaluation) + "\n");
        return ScoresPath(evaluation.Test);
    }

    /// <summary>All of them with their scores, by name.</summary>
    /// <exception cref="InvalidDataException">A file is damaged; says which and what would do.</exception>
    public IReadOnlyList<(StoredEvaluation Evaluation, TestScores Scores)> Load() => !Directory.Exists(folder) ? [] :
        [.. Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(Read).Select(one => (one, Scores(one)))];

    private TestScores Scores(StoredEvaluation evaluation) => ScoresFile.Read(ScoresPath(evaluation.Test), evaluation.Test);

    private static StoredEvaluation Read(string path)
    {
        try
        {
            return SpecJson.Read<StoredEvaluation>(File.ReadAllText(path));
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new InvalidDataException($"{ReaderError.Tell(path, e)}; delete the file and evaluate again", e);
        }
    }

    private string ScoresPath(string test) => Path.Combine(folder, $"{ResultStore.FileName(test)}.npz");

    private string PathOf(string test) => Path.Combine(folder, $"{ResultStore.FileName(test)}.json");
}
