using System.Text;
using System.Text.Json;
using Ablation.Experiments.Suites;
using Ablation.Harness;
using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Store;

/// <summary>
/// Reads and writes result.json: with a checksum, the hashes of the files beside it, and an id that is checked against the specification
/// in it.
/// </summary>
internal static class ResultFile
{
    private const string Spec = "spec";

    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, TrialResult result) => AtomicFile.Write(path, Seal.Close(SpecJson.Write(result)));

    /// <param name="id">The required id of the trial; null if its folder may have another name.</param>
    /// <exception cref="InvalidDataException">The file is damaged, changed or of another trial; gives a remedy.</exception>
    public static TrialResult Read(string path, string? id)
    {
        var bytes = Bytes(path);
        var isSealed = Sealed(path, bytes);
        var json = Seal.Json(bytes, isSealed);
        TrialResult result;
        try
        {
            result = SpecJson.Read<TrialResult>(json);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new InvalidDataException(
                $"{JsonProblem.Describe(path, Encoding.UTF8.GetString(json), e, typeof(TrialResult))}; {Cure(path)}", e);
        }

        if (isSealed != result.Files is not null) throw Damaged(path, isSealed ? "it lists no files" : "its checksum was removed");
        if (SpecText(json) is not { } spec || !HasId(spec, result.Id, () => result.Spec))
            throw Damaged(path, $"its specification does not have the id {result.Id}: one of them was changed");
        return id is null || result.Id == id ? result : throw Damaged(path, $"it is the result of trial {result.Id}, not of {id}");
    }

    /// <summary>Whether a file has a checksum.</summary>
    /// <exception cref="InvalidDataException">The checksum does not fit.</exception>
    public static bool Sealed(string path, byte[] bytes)
    {
        try
        {
            return Seal.IsSealed(bytes);
        }
        catch (InvalidDataException e)
        {
            throw Damaged(path, e.Message);
        }
    }

    /// <exception cref="InvalidDataException">The file is missing or cannot be read.</exception>
    public static byte[] Bytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Damaged(path, e.Message, e);
        }
    }

    /// <summary>Whether a specification has an id, computed from its stored text or by this program, which may write more options than
    /// the version that stored it.</summary>
    /// <param name="text">As in a result, indented by two more spaces.</param>
    public static bool HasId(string text, string id, Func<TrialSpec> spec) =>
        TrialSpec.IdOf(text.Replace("\n  ", "\n", StringComparison.Ordinal)) == id || spec().Id() == id;

    public static InvalidDataException Damaged(string path, string what, Exception? inner = null) =>
        new($"{path}: {what}; {Cure(path)}", inner);

    private static string Cure(string path) => $"restore the file, or delete {Path.GetDirectoryName(path)} to run the trial again";

    private static string? SpecText(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isSpec = reader.ValueTextEquals(Spec);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (isSpec) return Encoding.UTF8.GetString(json[start..(int)reader.BytesConsumed]);
        }

        return null;
    }
}
