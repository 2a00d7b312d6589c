using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ablation.Harness.Foundations;
using Ablation.Losses.Options;

namespace Ablation.Experiments.Suites;

/// <summary>
/// A value to set in a suite, by the keys that lead to it: "trainings.epochs" in every training, "losses.Npt.k" in every NPT. A list is
/// passed through in all its entries that have the key; the name, the type or the number of an entry chooses it.
/// </summary>
/// <param name="Value">Several values of a key that takes one are a sweep.</param>
internal sealed record SuiteSetting(string Path, SuiteNode Value, Origin Origin)
{
    // a suite gives its conditions one by one, or by lists of what they consist of
    private static readonly Dictionary<string, string[]> InConditions = new()
    {
        ["backbones"] = ["conditions", "backbone"],
        ["resolutions"] = ["conditions", "resolution"],
        ["trainings"] = ["conditions", "training"],
    };

    /// <summary>Whether the text had several values at commas: a list where the key takes one, else a sweep.</summary>
    private bool IsSeveral { get; init; }

    /// <summary>Reads PATH=VALUE. A value is JSON, or text without quotes; commas separate several.</summary>
    /// <param name="place">Names the setting in errors.</param>
    /// <exception cref="SuiteException">It has no path or no value.</exception>
    public static SuiteSetting Parse(string text, string place)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        if (at < 1 || at == text.Length - 1)
            throw new SuiteException($"{place}: must be PATH=VALUE, such as trainings.epochs=5 or losses.Npt.k=1,6,all");
        var (path, value, origin) = (text[..at].Trim(), text[(at + 1)..].Trim(), new Origin(place, null, 0));
        if (Json(value, place) is { } whole) return new SuiteSetting(path, whole, origin);
        var parts = Split(value);
        return parts.Count == 1 ? new SuiteSetting(path, Word(value, origin), origin)
            : new SuiteSetting(path, SuiteNode.List("", parts.Select(part => Json(part, place) ?? Word(part, origin)), origin), origin)
            {
                IsSeveral = true,
            };
    }

    /// <summary>Returns the suite with the value set.</summary>
    /// <exception cref="SuiteException">The path leads nowhere.</exception>
    public SuiteNode Put(SuiteNode suite)
    {
        string[] keys = Path.Split('.');
        if (keys[0] == "data" && suite.Below("dataSets") is { IsList: true }) keys[0] = "dataSets";
        if (suite.Below("conditions") is { IsList: true } && InConditions.TryGetValue(keys[0], out var inside))
            keys = [.. inside, .. keys[1..]];
        return Put(suite, typeof(Suite), keys);
    }

    private SuiteNode Put(SuiteNode node, Type type, ReadOnlySpan<string> keys)
    {
        if (keys.Length == 0) return Given(node.Key, type);
        var info = SpecJson.Options.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);
        if (info.Kind == JsonTypeInfoKind.Enumerable) return InList(node, info.ElementType!, keys);
        if (info.Kind == JsonTypeInfoKind.Dictionary)
            return node.With(Put(node.Below(keys[0]) ?? SuiteNode.Object(keys[0], Origin), info.ElementType!, keys[1..]));
        if (info.Kind != JsonTypeInfoKind.Object) throw Lost(keys[0], $"what is before it is a single value");
        var (key, known) = (keys[0], Known(node, info));
        if (known.Find(property => property.Name == key) is not { } found)
            throw Lost(key, NearName.Hint(key, [.. known.Select(property => property.Name)]));
        var child = node.Below(key);
        if (keys.Length > 1 && child is { Kind: JsonTokenType.Null }) child = null;
        return node.With(Put(child ?? (OptionLists.IsList(found.PropertyType)
            ? SuiteNode.List(key, [], Origin) : SuiteNode.Object(key, Origin)), found.PropertyType, keys[1..]));
    }

    private SuiteNode InList(SuiteNode list, Type element, ReadOnlySpan<string> keys)
    {
        var (first, rest) = (keys[0], keys[1..].ToArray());
        var named = list.Children.Select((entry, i) => IsNamed(entry, i, first)).ToList();
        if (named.Contains(true))
            return list with { Children = [.. list.Children.Zip(named, (entry, isNamed) => isNamed ? Put(entry, element, rest) : entry)] };
        var (all, info) = (keys.ToArray(), SpecJson.Options.GetTypeInfo(element));
        var takes = list.Children.Select(entry => Known(entry, info).Exists(property => property.Name == first)).ToList();
        if (takes.Contains(true))
            return list with { Children = [.. list.Children.Zip(takes, (entry, isTaken) => isTaken ? Put(entry, element, all) : entry)] };
        throw Lost(first, list.Children.Count == 0 ? $"{list.Key} is empty"
            : NearName.Hint(first, [.. list.Children.Select(Name).OfType<string>()
                .Concat(list.Children.SelectMany(entry => Known(entry, info)).Select(property => property.Name)).Distinct()]));
    }

    /// <summary>Returns the value as the key takes it: several values are its list, or a sweep over it.</summary>
    private SuiteNode Given(string key, Type type)
    {
        var isList = OptionLists.IsList(type);
        if (isList && !Value.IsList) return SuiteNode.List(key, [Value], Origin);
        return isList || !IsSeveral ? Value with { Key = key }
            : SuiteNode.Object(key, Origin).With(Value with { Key = "each" });
    }

    private static bool IsNamed(SuiteNode entry, int index, string name) =>
        name == index.ToString() || string.Equals(entry.Below(SpecJson.Discriminator)?.Text, name, StringComparison.OrdinalIgnoreCase)
        || string.Equals(entry.Below("name")?.Text, name, StringComparison.OrdinalIgnoreCase);

    private static string? Name(SuiteNode entry) => entry.Below("name")?.Text ?? entry.Below(SpecJson.Discriminator)?.Text;

    /// <summary>Returns the keys of an object, by the type that it names.</summary>
    private static List<JsonPropertyInfo> Known(SuiteNode node, JsonTypeInfo info)
    {
        if (SpecJson.Kinds.Contains(info.Type) && node.Below(SpecJson.Discriminator)?.Text is { } name
            && Catalog.RecordsOf(info.Type).TryGetValue(name, out var type)) info = SpecJson.Options.GetTypeInfo(type);
        return [.. info.Properties.Where(property => property.Set is not null || property.AssociatedParameter is not null)];
    }

    private SuiteException Lost(string key, string hint) => new($"{Origin}: {Path}: no \"{key}\"; {hint}");

    private static SuiteNode? Json(string text, string place)
    {
        try
        {
            using var whole = JsonDocument.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }

        return SuiteNode.Read(place, text, isFile: false);
    }

    private static SuiteNode Word(string text, Origin origin) => new("", JsonTokenType.String, text.Trim(), [], origin);

    /// <summary>Splits at commas that stand in no brackets and no quotes.</summary>
    private static List<string> Split(string text)
    {
        var (parts, begin, depth, isQuoted) = (new List<string>(), 0, 0, false);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"') isQuoted = !isQuoted;
            if (isQuoted) continue;
            if (text[i] is '[' or '{') depth++;
            if (text[i] is ']' or '}') depth--;
            if (text[i] != ',' || depth > 0) continue;
            parts.Add(text[begin..i].Trim());
            begin = i + 1;
        }

        return [.. parts, text[begin..].Trim()];
    }
}
