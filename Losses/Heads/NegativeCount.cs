using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ablation.Losses.Heads;

/// <summary>The number of negative proxies per sample: a number from 1, or "all", which is C-1.</summary>
[JsonConverter(typeof(NegativeCountConverter))]
public readonly record struct NegativeCount(int Value)
{
    public static readonly NegativeCount All = new(int.MaxValue);

    /// <summary>Whether every other one of C identities is a negative.</summary>
    public bool IsAll(long classes) => Value >= classes - 1;

    public static implicit operator NegativeCount(int value) => new(value);

    public override string ToString() => this == All ? "all" : Value.ToString();
}

/// <summary>Reads 3 or "all".</summary>
public sealed class NegativeCountConverter : JsonConverter<NegativeCount>
{
    public override NegativeCount Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => reader.TokenType switch
    {
        // the largest int stands for "all"
        JsonTokenType.Number when reader.TryGetInt32(out var value) && value != NegativeCount.All.Value => new(value),
        JsonTokenType.String when reader.GetString() == "all" => NegativeCount.All,
        _ => throw new JsonException("""a number of negatives is a whole number from 1 or "all" """.TrimEnd()),
    };

    public override void Write(Utf8JsonWriter writer, NegativeCount value, JsonSerializerOptions options)
    {
        if (value == NegativeCount.All) writer.WriteStringValue("all");
        else writer.WriteNumberValue(value.Value);
    }
}
