using System.Text.Json;
using Ablation.Harness;

namespace Ablation.Experiments.Store;

/// <summary>The little of a result.json that tells where a suite stands, read without building the whole result.</summary>
/// <param name="Status">As the file writes it: done, diverged, ...</param>
/// <param name="Seconds">Of the trial's provenance; null where it is not there.</param>
public sealed record ResultHead(string Label, string Status, double? Seconds)
{
    /// <param name="path">Of a result.json.</param>
    /// <exception cref="InvalidDataException">The file is damaged; says what would do.</exception>
    public static ResultHead Read(string path) => Read(path, null);

    /// <summary>The same with the specification.</summary>
    /// <inheritdoc cref="Read(string)"/>
    public static (ResultHead Head, TrialSpec Spec) ReadWithSpec(string path)
    {
        TrialSpec? spec = null;
        var head = Read(path, json => spec = SpecJson.Read<TrialSpec>(json));
        return (head, spec ?? throw Damaged(path, "spec is missing", null));
    }

    private static ResultHead Read(string path, Action<string>? onSpec)
    {
        string? label = null, status = null;
        double? seconds = null;
        try
        {
            var bytes = File.ReadAllBytes(path);
            var reader = new Utf8JsonReader(bytes);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("it is no object");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (Next(ref reader, "label")) label = reader.GetString();
                else if (Next(ref reader, "status")) status = reader.GetString();
                else if (Next(ref reader, "provenance")) seconds = SecondsOf(ref reader);
                else if (onSpec is not null && Next(ref reader, "spec")) onSpec(Text(bytes, ref reader));
                else reader.Skip();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NotSupportedException)
        {
            throw Damaged(path, e.Message, e);
        }

        return new ResultHead(label ?? throw Damaged(path, "label is missing", null), status ?? throw Damaged(path, "status is missing", null), seconds);
    }

    /// <summary>Whether the property has this name; then the reader stands at its value.</summary>
    private static bool Next(ref Utf8JsonReader reader, string name) => reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals(name) && reader.Read();

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

    private static InvalidDataException Damaged(string path, string what, Exception? inner) =>
        new($"{path}: {what}; no result of this version: delete {Path.GetDirectoryName(path)} to run the trial again", inner);
}
