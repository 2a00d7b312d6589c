using System.Text.Json;
using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Suites;

/// <summary>A value of a JSON text, and where it begins.</summary>
/// <param name="Key">Empty for the root and for entries of a list.</param>
/// <param name="Start">First byte of the value.</param>
/// <param name="Text">The text of a string, else the value as written.</param>
internal sealed record JsonPlace(string Key, long Start, JsonTokenType Kind, string Text, IReadOnlyList<JsonPlace> Children)
{
    /// <summary>Returns the value below these keys: "stop.chanceEpochs"; null if there is none.</summary>
    public JsonPlace? Below(string keys)
    {
        var at = this;
        foreach (var key in keys.Split('.')) at = at?.Children.FirstOrDefault(child => child.Key == key);
        return at;
    }

    /// <summary>Returns the value of a path such as "$.losses[1].scale"; null if there is none.</summary>
    public JsonPlace? At(string path)
    {
        var at = this;
        foreach (var part in path.TrimStart('$').Replace("['", ".", StringComparison.Ordinal).Replace("']", "", StringComparison.Ordinal)
            .Replace("[", ".[", StringComparison.Ordinal).Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            at = part.StartsWith('[')
                ? int.TryParse(part.Trim('[', ']'), out var index) ? at?.Children.ElementAtOrDefault(index) : null
                : at?.Below(part);
        }

        return at;
    }

    /// <summary>This value and everything below it.</summary>
    public IEnumerable<JsonPlace> All() => Children.SelectMany(child => child.All()).Prepend(this);
}

/// <summary>Reads a JSON text as values with places.</summary>
internal static class JsonPlaces
{
    /// <summary>Returns the root; null if the text is not JSON.</summary>
    public static JsonPlace? Read(byte[] json)
    {
        try
        {
            var options = SpecJson.Options;
            var reader = new Utf8JsonReader(json,
                new JsonReaderOptions { CommentHandling = options.ReadCommentHandling, AllowTrailingCommas = options.AllowTrailingCommas });
            return reader.Read() ? Value(ref reader, json, "") : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the latter: a text that is no Unicode
        {
            return null;
        }
    }

    private static JsonPlace Value(ref Utf8JsonReader reader, byte[] json, string key)
    {
        var (start, kind, children) = (reader.TokenStartIndex, reader.TokenType, new List<JsonPlace>());
        if (kind == JsonTokenType.String) return new JsonPlace(key, start, kind, reader.GetString()!, children);
        while (kind is JsonTokenType.StartObject or JsonTokenType.StartArray && reader.Read()
            && reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray))
        {
            var name = "";
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                name = reader.GetString()!;
                reader.Read();
            }

            children.Add(Value(ref reader, json, name));
        }

        var text = System.Text.Encoding.UTF8.GetString(json, (int)start, (int)(reader.BytesConsumed - start));
        return new JsonPlace(key, start, kind, text, children);
    }
}
