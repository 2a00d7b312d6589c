using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ablation.Harness.Foundations;
using Ablation.Losses.Options;

namespace Ablation.Experiments.Suites;

/// <summary>
/// Compares a refused JSON text with the expected types, and stops at the first key, value or object that does not fit. Skips values with
/// a converter and ranges of numbers: the messages of the reader about them are readable.
/// </summary>
internal static class JsonWalk
{
    private static readonly JsonReaderOptions Reading = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Returns the problem and the byte at which it begins; null if everything fits.</summary>
    public static (long Start, string Path, string Cause)? FirstProblem(byte[] json, Type root)
    {
        var reader = new Utf8JsonReader(json, Reading);
        var place = new Place();
        try
        {
            if (!reader.Read()) return (json.Length, "", "the text is empty");
            Value(ref reader, root, place);
            reader.Read(); // text after the value is an error
            return null;
        }
        catch (Misfit misfit)
        {
            return (misfit.Start, place.Path, misfit.Message);
        }
        catch (InvalidOperationException)
        {
            return (reader.TokenStartIndex, place.Path,
                "not valid text: half of a pair of surrogates (\\ud800 to \\udfff) without the other");
        }
        catch (JsonException)
        {
            var start = reader.BytesConsumed;
            return (start, place.Path, "not valid JSON: look for a missing or extra comma, quotation mark or bracket here");
        }
    }

    private static void Value(ref Utf8JsonReader reader, Type type, Place place)
    {
        var info = SpecJson.Options.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);
        if (reader.TokenType == JsonTokenType.Null)
        {
            if (type.IsValueType && Nullable.GetUnderlyingType(type) is null)
                throw new Misfit(reader.TokenStartIndex, $"must be {Words(type)}");
        }
        else if (info.Kind == JsonTypeInfoKind.Object)
        {
            Expect(ref reader, JsonTokenType.StartObject, info.Type);
            Object(ref reader, Chosen(reader, info), place);
        }
        else if (info.Kind == JsonTypeInfoKind.Enumerable)
        {
            Expect(ref reader, JsonTokenType.StartArray, info.Type);
            for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
                place.Within($"[{i}]", ref reader, info.ElementType!, Value);
        }
        else if (info.Kind == JsonTypeInfoKind.Dictionary)
        {
            Expect(ref reader, JsonTokenType.StartObject, info.Type);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var key = reader.GetString()!;
                reader.Read();
                place.Within(Place.Key(key), ref reader, info.ElementType!, Value);
            }
        }
        else
        {
            if (!Fits(ref reader, info.Type)) throw new Misfit(reader.TokenStartIndex, $"must be {Words(info.Type)}");
            reader.Skip();
        }
    }

    private static void Object(ref Utf8JsonReader reader, JsonTypeInfo info, Place place)
    {
        var known = info.Properties.Where(property => property.Set is not null || property.AssociatedParameter is not null).ToList();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (key, start) = (reader.GetString()!, reader.TokenStartIndex);
            var property = known.Find(one => one.Name == key);
            place.Enter(Place.Key(key));
            if (!seen.Add(key)) throw new Misfit(start, $"the key \"{key}\" occurs twice");
            if (property is null && !(key == SpecJson.Discriminator && IsChosen(info.Type)))
                throw new Misfit(start, $"unknown key \"{key}\"; {NearName.Hint(key, [.. known.Select(one => one.Name)])}");
            reader.Read();
            if (property is null) reader.Skip();
            else if (reader.TokenType == JsonTokenType.Null && !TakesNull(property)) throw new Misfit(start, $"{key} must not be null");
            else Value(ref reader, property.PropertyType, place);
            place.Leave();
        }

        var missing = known.Where(one => (one.IsRequired || one.AssociatedParameter is { HasDefaultValue: false })
            && !seen.Contains(one.Name))
            .Select(one => $"'{one.Name}'").ToList();
        if (missing.Count > 0) throw new Misfit(reader.TokenStartIndex, $"missing {string.Join(", ", missing)}");
    }

    /// <summary>Returns the type that the object's "type" names, if objects of its kind have one.</summary>
    /// <param name="reader">A copy, at the object's start.</param>
    private static JsonTypeInfo Chosen(Utf8JsonReader reader, JsonTypeInfo info)
    {
        if (!SpecJson.Kinds.Contains(info.Type)) return info;
        var (start, depth) = (reader.TokenStartIndex, reader.CurrentDepth);
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.CurrentDepth != depth + 1 || reader.TokenType != JsonTokenType.PropertyName
                || !reader.ValueTextEquals(SpecJson.Discriminator)) continue;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String) break;
            var name = reader.GetString()!;
            // the catalog ignores case, the reader does not
            return Catalog.RecordsOf(info.Type).FirstOrDefault(known => known.Key == name).Value is { } type
                ? SpecJson.Options.GetTypeInfo(type)
                : throw new Misfit(reader.TokenStartIndex,
                    $"unknown {Labels.Kind(info.Type)} \"{name}\"; {NearName.Hint(name, [.. Catalog.RecordsOf(info.Type).Keys])}");
        }

        throw new Misfit(start, $"the object has no \"{SpecJson.Discriminator}\"; known: {Known(info.Type)}");
    }

    private static bool IsChosen(Type type) => SpecJson.Kinds.Any(kind => type.IsAssignableTo(kind));

    private static bool TakesNull(JsonPropertyInfo property) =>
        property.PropertyType.IsValueType || (property.IsSetNullable && property.AssociatedParameter is not { IsNullable: false });

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType token, Type type)
    {
        if (reader.TokenType != token) throw new Misfit(reader.TokenStartIndex, $"must be {Words(type)}");
    }

    private static bool Fits(ref Utf8JsonReader reader, Type type) => type switch
    {
        _ when type == typeof(int) => reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out _),
        _ when type == typeof(long) => reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out _),
        _ when type == typeof(double) => reader.TokenType == JsonTokenType.Number,
        _ when type == typeof(bool) => reader.TokenType is JsonTokenType.True or JsonTokenType.False,
        _ when type == typeof(string) => reader.TokenType == JsonTokenType.String && reader.GetString() is not null,
        { IsEnum: true } => reader.TokenType == JsonTokenType.String
            && Enum.GetNames(type).Contains(reader.GetString(), StringComparer.OrdinalIgnoreCase),
        _ => true,
    };

    private static string Words(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var whole when whole == typeof(int) => "a whole number of 32 bits",
        var whole when whole == typeof(long) => "a whole number",
        var number when number == typeof(double) => "a number",
        var flag when flag == typeof(bool) => "true or false",
        var text when text == typeof(string) => "text in quotes",
        { IsEnum: true } named => $"one of {string.Join(", ", Enum.GetValues(named).Cast<object>().Select(SpecJson.Write))}",
        var kind when SpecJson.Kinds.Contains(kind) => $"an object {{ \"{SpecJson.Discriminator}\": ... }} of {Known(kind)}",
        var other when SpecJson.Options.GetTypeInfo(other).Kind == JsonTypeInfoKind.Enumerable => "a list in [ ]",
        _ => "an object in { }",
    };

    private static string Known(Type kind) => string.Join(", ", Catalog.RecordsOf(kind).Keys);

    /// <summary>What does not fit, and the byte at which it begins.</summary>
    private sealed class Misfit(long start, string cause) : Exception(cause)
    {
        public long Start => start;
    }

    /// <summary>The keys and indices that lead to the current position; an error leaves them unchanged.</summary>
    private sealed class Place
    {
        private readonly List<string> parts = [];

        public delegate void Step(ref Utf8JsonReader reader, Type type, Place place);

        public string Path => "$" + string.Concat(parts);

        public static string Key(string key) =>
            key.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '$' or '*') ? $".{key}" : $"['{key}']";

        public void Enter(string part) => parts.Add(part);

        public void Leave() => parts.RemoveAt(parts.Count - 1);

        public void Within(string part, ref Utf8JsonReader reader, Type type, Step step)
        {
            Enter(part);
            step(ref reader, type, this);
            Leave();
        }
    }
}
