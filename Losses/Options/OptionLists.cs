using System.Collections;
using System.Reflection;
using System.Text.Json;

namespace Ablation.Losses.Options;

/// <summary>Allows a list of options to be empty, and gives the meaning of that.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MayBeEmptyAttribute(string why) : Attribute
{
    public string Why => why;
}

/// <summary>Allows a list of options to repeat an entry, and gives the meaning of that.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MayRepeatAttribute(string why) : Attribute
{
    public string Why => why;
}

/// <summary>Requires a list of numbers to be ascending.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RisingAttribute : Attribute;

/// <summary>
/// Checks the lists of an options record: each has an entry, none twice, none null. Attributes mark exceptions.
/// </summary>
public static class OptionLists
{
    /// <summary>The problem of a list with a null entry; its entries cannot be checked further.</summary>
    public const string NullEntry = "an entry is null; remove it";

    /// <summary>Returns the lists of a record that a suite can set.</summary>
    public static IEnumerable<(PropertyInfo Property, IReadOnlyList<object?> Entries)> ListsOf(object options)
    {
        foreach (var property in options.GetType().GetProperties().Where(property => property.CanWrite && IsList(property.PropertyType)))
            if (property.GetValue(options) is IEnumerable list) yield return (property, [.. list.Cast<object?>()]);
    }

    /// <summary>Whether values of the type are lists of a suite.</summary>
    public static bool IsList(Type type) =>
        type != typeof(string) && type.IsAssignableTo(typeof(IEnumerable)) && !Interfaces(type).Contains(typeof(IReadOnlyDictionary<,>));

    /// <summary>Returns everything wrong with the lists of one record, as "at: empty; at least one is needed".</summary>
    public static IEnumerable<string> Problems(object options) =>
        ListsOf(options)
        .SelectMany(list => Problems(list.Property, list.Entries).Select(problem => $"{OptionRanges.SuiteName(list.Property)}: {problem}"));

    /// <summary>Returns everything wrong with one list.</summary>
    public static IEnumerable<string> Problems(PropertyInfo property, IReadOnlyList<object?> entries)
    {
        if (entries.Count == 0 && !property.IsDefined(typeof(MayBeEmptyAttribute))) yield return "empty; at least one is needed";
        if (entries.Contains(null))
        {
            yield return NullEntry;
            yield break;
        }

        if (!property.IsDefined(typeof(MayRepeatAttribute)) && entries.GroupBy(Text).Any(alike => alike.Count() > 1))
            yield return property.IsDefined(typeof(RisingAttribute)) ? $"{string.Join(", ", entries.Select(Text))}; give numbers that rise"
                : "the same entry twice; a trial runs once";
        else if (property.IsDefined(typeof(RisingAttribute)) && Falls(entries))
            yield return $"{string.Join(", ", entries.Select(Text))}; give numbers that rise";
    }

    /// <summary>Writes an entry in full, the same for equal entries; records that hold lists never compare as equal.</summary>
    private static string Text(object? entry) => entry switch
    {
        null => "null",
        string text => $"\"{text}\"",
        JsonElement { ValueKind: JsonValueKind.Number } number => Text(number.GetDouble()),
        JsonElement other => other.GetRawText(),
        double number => (number == 0 ? 0 : number).ToString("R"), // -0 is 0
        ValueType => Convert.ToString(entry)!,
        IEnumerable list => $"[{string.Join(", ", list.Cast<object?>().Select(Text))}]",
        _ => $"{entry.GetType().Name} {{ {string.Join(", ", Values(entry).Select(Text))} }}",
    };

    private static IEnumerable<object?> Values(object entry) =>
        entry.GetType().GetProperties().Where(property => property.CanWrite).Select(property => property.GetValue(entry));

    private static bool Falls(IReadOnlyList<object?> entries)
    {
        double[] numbers = [.. entries.Select(entry => Convert.ToDouble(entry))];
        return numbers.Zip(numbers.Skip(1)).Any(pair => pair.Second < pair.First);
    }

    private static IEnumerable<Type> Interfaces(Type type) =>
        type.GetInterfaces().Append(type).Where(one => one.IsGenericType).Select(one => one.GetGenericTypeDefinition());
}
