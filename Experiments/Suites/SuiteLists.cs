using System.Collections;
using System.Text.Json.Serialization;
using Ablation.Harness.Foundations;
using Ablation.Losses.Options;

namespace Ablation.Experiments.Suites;

/// <summary>Checks every list of a suite, at any depth, by the rules of <see cref="OptionLists"/>.</summary>
internal static class SuiteLists
{
    /// <summary>
    /// Returns every problem with the path of keys to its list: "trainings: schedule: at: empty; at least one is needed".
    /// </summary>
    public static IEnumerable<string> Problems(object options, string path = "")
    {
        foreach (var property in options.GetType().GetProperties().Where(property => property.CanWrite && !IsLeftOut(property)))
        {
            var value = property.GetValue(options);
            var where = $"{path}{Key(property)}: ";
            if (value is null) continue;
            if (OptionLists.IsList(property.PropertyType))
            {
                object?[] entries = [.. ((IEnumerable)value).Cast<object?>()];
                string[] found = [.. OptionLists.Problems(property, entries)];
                foreach (var problem in found) yield return $"{where}{problem}";
                if (found.Length == 0 && entries.Where(IsRecord).GroupBy(Written).Any(same => same.Count() > 1))
                    yield return $"{where}the same entry twice, with its path written in two ways; a trial runs once";
                foreach (var problem in entries.Where(IsRecord).SelectMany(entry => Problems(entry!, where)).Distinct())
                    yield return problem;
            }
            else if (IsRecord(value))
            {
                foreach (var problem in Problems(value, where)) yield return problem;
            }
            else if (value is IEnumerable and not string)
            {
                foreach (var problem in OfDictionary((IEnumerable)value, where)) yield return problem;
            }
        }
    }

    private static IEnumerable<string> OfDictionary(IEnumerable pairs, string path)
    {
        foreach (var pair in pairs)
        {
            var (key, value) = (pair.GetType().GetProperty("Key")!.GetValue(pair), pair.GetType().GetProperty("Value")!.GetValue(pair));
            if (value is IEnumerable inner and not string)
                foreach (var problem in OfDictionary(inner, $"{path}{key}: ")) yield return problem;
            else if (IsRecord(value)) foreach (var problem in Problems(value!, $"{path}{key}: ")) yield return problem;
        }
    }

    /// <summary>Returns the entry as its trial stores it, with normalised paths.</summary>
    private static (Type Type, string Text) Written(object? entry) => (entry!.GetType(), SpecJson.Write(entry));

    private static bool IsRecord(object? value) =>
        value?.GetType() is { IsClass: true, IsArray: false } type && type != typeof(string)
        && type.Namespace?.StartsWith("Ablation", StringComparison.Ordinal) == true;

    private static bool IsLeftOut(System.Reflection.PropertyInfo property) =>
        property.GetCustomAttributes(typeof(JsonIgnoreAttribute), true) is [JsonIgnoreAttribute { Condition: JsonIgnoreCondition.Always }];

    private static string Key(System.Reflection.PropertyInfo property) =>
        property.GetCustomAttributes(typeof(JsonPropertyNameAttribute), true) is [JsonPropertyNameAttribute named]
        ? named.Name : OptionRanges.SuiteName(property);
}
