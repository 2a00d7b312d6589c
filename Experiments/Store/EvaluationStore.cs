using System.Text.Json;
using System.Text.Json.Serialization;
using Ablation.Experiments.Suites;
using Ablation.Harness;
using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;
using Ablation.Harness.Protocols;

namespace Ablation.Experiments.Store;

/// <summary>An evaluation of a trained network after its training, or of a file of embeddings.</summary>
/// <param name="Test">Its name in tables: one part of <paramref name="Protocol"/>.</param>
/// <param name="Subject">Hash of the weights, or of the embeddings' file.</param>
/// <param name="Data">Fingerprint of the test.</param>
/// <param name="Metrics">Metrics of tables; all others are computed from the scores beside this file.</param>
/// <param name="Overlap">Overlap with the training set of the trial; null if that was missing, or for a file of embeddings.</param>
/// <param name="Trial">Id of the trial; null for a file of embeddings, and for files of earlier versions.</param>
/// <param name="Scores">SHA-256 of the score file; null for files of earlier versions.</param>
public sealed record StoredEvaluation(string Test, ProtocolOptions Protocol, string Subject, string Data, DateTimeOffset Time,
    string Commit,
    IReadOnlyList<Metric> Metrics, DataOverlap? Overlap = null, string? Trial = null, string? Scores = null)
{
    /// <summary>Notes of the test about its data; null if there are none, and for files of earlier versions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<DataNote>? Notes { get; init; }

    /// <summary>What a foreign network was given: colours, mean, scale, fusion, size; null for all other subjects.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Input { get; init; }
}

/// <summary>
/// The evaluations of one trial or embedding file: <c>evaluations/TEST.npz</c> with the scores, and TEST.json, which is written last.
/// </summary>
public sealed class EvaluationStore(string folder)
{
    private readonly string folder = Path.GetFullPath(Path.Combine(folder, "evaluations"));

    /// <summary>Writes the scores, and the evaluation with a checksum.</summary>
    /// <returns>The path of the scores.</returns>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public string Save(StoredEvaluation evaluation, TestScores scores)
    {
        ScoresFile.Write(ScoresPath(evaluation.Test), scores);
        AtomicFile.Write(PathOf(evaluation.Test),
            Seal.Close(SpecJson.Write(evaluation with { Trial = Trial, Scores = Seal.OfFile(ScoresPath(evaluation.Test)) })));
        return ScoresPath(evaluation.Test);
    }

    /// <summary>Reads all evaluations with their scores, ordered by name, and skips damaged ones.</summary>
    /// <param name="damage">The problem of each that was skipped.</param>
    public IReadOnlyList<(StoredEvaluation Evaluation, TestScores Scores)> Load(out IReadOnlyList<string> damage)
    {
        var (sound, problems) = (new List<(StoredEvaluation, TestScores)>(), new List<string>());
        foreach (var path in Directory.Exists(folder)
            ? Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal) : Enumerable.Empty<string>())
        {
            try
            {
                var evaluation = Read(path);
                sound.Add((evaluation, ScoresFile.Read(ScoresPath(evaluation.Test), evaluation.Test)));
            }
            catch (InvalidDataException e)
            {
                problems.Add(e.Message);
            }
        }

        damage = problems;
        return sound;
    }

    /// <summary>Id of the trial; null if the folder is not that of a trial.</summary>
    private string? Trial =>
        Path.GetDirectoryName(folder) is { } owner && File.Exists(Path.Combine(owner, "result.json")) ? Path.GetFileName(owner) : null;

    private StoredEvaluation Read(string path)
    {
        StoredEvaluation evaluation;
        var json = "";
        try
        {
            (json, var isSealed) = Seal.Open(File.ReadAllBytes(path));
            evaluation = SpecJson.Read<StoredEvaluation>(json);
            if (isSealed != evaluation.Scores is not null) throw new InvalidDataException("its checksum was removed");
            if (isSealed && evaluation.Trial != Trial) throw new InvalidDataException($"it belongs to trial {evaluation.Trial}");
            if (isSealed && Seal.OfFile(ScoresPath(evaluation.Test)) != evaluation.Scores)
                throw new InvalidDataException($"{Path.GetFileName(ScoresPath(evaluation.Test))} does not have the checksum that it lists");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidDataException or IOException
            or UnauthorizedAccessException)
        {
            throw new InvalidDataException(
                (e is JsonException or NotSupportedException
                    ? JsonProblem.Describe(path, json, e, typeof(StoredEvaluation)) : $"{path}: {e.Message}")
                + "; delete the file and evaluate again", e);
        }

        return evaluation;
    }

    private string ScoresPath(string test) => Path.Combine(folder, $"{StoredName.FileName(test)}.npz");

    private string PathOf(string test) => Path.Combine(folder, $"{StoredName.FileName(test)}.json");
}
