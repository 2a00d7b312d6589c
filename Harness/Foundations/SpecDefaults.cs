using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using Ablation.Losses.Options;

namespace Ablation.Harness.Foundations;

/// <summary>Leaves options marked <see cref="OmittedAtDefaultAttribute"/> out of a record's JSON where they have their defaults.</summary>
internal static class SpecDefaults
{
    public static void Omit(JsonTypeInfo info)
    {
        if (info.Kind != JsonTypeInfoKind.Object || info.Type.IsAbstract) return;
        var marked = info.Properties.Where(property => property.AttributeProvider is PropertyInfo member
            && member.IsDefined(typeof(OmittedAtDefaultAttribute), inherit: true)).ToList();
        if (marked.Count == 0) return;
        var defaults = Activator.CreateInstance(info.Type)!;
        foreach (var property in marked)
        {
            var usual = property.Get!(defaults);
            property.ShouldSerialize = (_, value) => !Equals(value, usual);
        }
    }
}
