using System.Text.Json;
using Ablation.Harness;
using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Store;

/// <summary>The values of a result.json that status shows, read without the rest.</summary>
/// <param name="Status">As in the file: done, diverged, ...</param>
/// <param name="Seconds">From the provenance of the trial; null if missing.</param>
/// <param name="IsEarlier">Whether an earlier version wrote it, without a checksum.</param>
public sealed record ResultHead(string Label, string Status, double? Seconds, bool IsEarlier)
{
    /// <summary>Reads the values, and returns a function that reads the specification.</summary>
    /// <param name="path">Of a result.json, in the folder of its trial.</param>
    /// <exception cref="InvalidDataException">The file is damaged, changed or of another trial; gives a remedy.</exception>
    public static (ResultHead Head, Func<TrialSpec> Spec) Read(string path)
    {
        string? id = null, label = null, status = null, text = null;
        double? seconds = null;
        var hasFiles = false;
        var bytes = ResultFile.Bytes(path);
        var isSealed = ResultFile.Sealed(path, bytes);
        try
        {
            var reader = new Utf8JsonReader(bytes);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("it is not an object");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (Next(ref reader, "id")) id = reader.GetString();
                else if (Next(ref reader, "label")) label = reader.GetString();
                else if (Next(ref reader, "status")) status = reader.GetString();
                else if (Next(ref reader, "provenance")) seconds = SecondsOf(ref reader);
                else if (Next(ref reader, "spec")) text = Text(bytes, ref reader);
                else
                {
                    hasFiles |= reader.ValueTextEquals("files");
                    reader.Skip();
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NotSupportedException)
        {
            throw ResultFile.Damaged(path, e.Message, e);
        }

        if (isSealed != hasFiles) throw ResultFile.Damaged(path, "its checksum was removed");
        var head = new ResultHead(label ?? throw Missing("label"), status ?? throw Missing("status"), seconds, !isSealed);
        if (Path.GetFileName(Path.GetDirectoryName(path)) != (id ?? throw Missing("id")))
            throw ResultFile.Damaged(path, $"it is the result of trial {id}");
        if (!ResultFile.HasId(text ?? throw Missing("spec"), id, Spec))
            throw ResultFile.Damaged(path, $"its specification does not have the id {id}: one of them was changed");
        return (head, Spec);

        InvalidDataException Missing(string what) => ResultFile.Damaged(path, $"{what} is missing");

        TrialSpec Spec()
        {
            try
            {
                return SpecJson.Read<TrialSpec>(text!);
            }
            catch (Exception e) when (e is JsonException or NotSupportedException)
            {
                throw ResultFile.Damaged(path, $"its specification is of another version ({e.Message})", e);
            }
        }
    }

    /// <summary>Whether the property has this name; if so, moves the reader to its value.</summary>
    private static bool Next(ref Utf8JsonReader reader, string name) =>
        reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals(name) && reader.Read();

    private static double? SecondsOf(ref Utf8JsonReader reader)
    {
        double? seconds = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (Next(ref reader, "seconds")) seconds = reader.GetDouble();
            else reader.Skip();
        }

        return seconds;
    }

    private static string Text(byte[] bytes, ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return System.Text.Encoding.UTF8.GetString(bytes, start, (int)reader.BytesConsumed - start);
    }
}
