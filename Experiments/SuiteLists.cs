using System.Collections;
using System.Text.Json.Serialization;
using Ablation.Losses;

namespace Ablation.Experiments;

/// <summary>Every list of a suite, at whatever depth: <see cref="OptionLists"/> says what is wrong with one.</summary>
internal static class SuiteLists
{
    /// <summary>
    /// Every problem with the path of keys that leads to its list: "trainings: schedule: at: empty; at least one is needed".
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
                foreach (var problem in OptionLists.Problems(property, entries)) yield return $"{where}{problem}";
                foreach (var problem in entries.Where(IsRecord).SelectMany(entry => Problems(entry!, where)).Distinct()) yield return problem;
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
            if (value is IEnumerable inner and not string) foreach (var problem in OfDictionary(inner, $"{path}{key}: ")) yield return problem;
            else if (IsRecord(value)) foreach (var problem in Problems(value!, $"{path}{key}: ")) yield return problem;
        }
    }

    private static bool IsRecord(object? value) => value?.GetType() is { IsClass: true, IsArray: false } type && type != typeof(string) && type.Namespace?.StartsWith("Ablation", StringComparison.Ordinal) == true;

    private static bool IsLeftOut(System.Reflection.PropertyInfo property) =>
        property.GetCustomAttributes(typeof(JsonIgnoreAttribute), true) is [JsonIgnoreAttribute { Condition: JsonIgnoreCondition.Always }];

    private static string Key(System.Reflection.PropertyInfo property) =>
        property.GetCustomAttributes(typeof(JsonPropertyNameAttribute), true) is [JsonPropertyNameAttribute named] ? named.Name : OptionRanges.SuiteName(property);
}
