using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ablation.Losses.Options;

namespace Ablation.Harness.Foundations;

/// <summary>Checks what only the text shows, not the record that was read from it: which keys were given, and the sign of a zero.</summary>
internal static class GivenKeys
{
    /// <summary>
    /// Refuses two keys for one quantity (<see cref="InsteadOfAttribute"/>) at the second of them, so that the error names its line.
    /// Reads -0 as 0, its value in every formula; otherwise one setting would have two ids.
    /// </summary>
    public static void Check(JsonTypeInfo info)
    {
        foreach (var property in info.Properties)
        {
            if (property.Set is not { } set || property.AttributeProvider is not PropertyInfo { PropertyType: var type }) continue;
            if (type == typeof(double) || type == typeof(double?))
                property.Set = (target, value) => set(target, value is 0.0 ? 0.0 : value);
        }

        foreach (var property in info.Properties.ToList())
        {
            if ((property.AttributeProvider as PropertyInfo)?.GetCustomAttribute<InsteadOfAttribute>() is not { } instead) continue;
            var other = info.Properties.Single(one => (one.AttributeProvider as PropertyInfo)?.Name == instead.Other);
            var given = new ConditionalWeakTable<object, string>(); // the key that an object already has
            Watch(property, other.Name);
            Watch(other, property.Name);

            void Watch(JsonPropertyInfo one, string partner)
            {
                var set = one.Set!;
                one.Set = (target, value) =>
                {
                    if (value is not null && given.TryGetValue(target, out var first) && first != one.Name)
                        throw new JsonException(
                            $"{one.Name} and {partner} are two keys for {instead.Quantity}; give one of them, even where they agree");
                    if (value is not null) given.AddOrUpdate(target, one.Name);
                    set(target, value);
                };
            }
        }
    }
}
