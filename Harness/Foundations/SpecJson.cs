using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Ablation.Losses.Options;

namespace Ablation.Harness.Foundations;

/// <summary>
/// Reads and writes specifications and results as JSON. A loss, backbone, source, test or schedule is an object whose "type" names it; the
/// known types come from <see cref="Catalog"/>. Reading is strict: unknown or missing members and numbers out of range are errors.
/// </summary>
public static class SpecJson
{
    /// <summary>The property that names the kind of an object.</summary>
    public const string Discriminator = "type";

    /// <summary>
    /// Records marked <see cref="ChosenByTypeAttribute"/> in the loaded assemblies, in the order in which they are listed.
    /// </summary>
    public static readonly IReadOnlyList<Type> Kinds = [.. FindKinds()];

    public static readonly JsonSerializerOptions Options = With(NameKinds, CheckValues, ForgetIgnored, SpecPaths.Normalise,
        SpecFormula.Add, SpecDefaults.Omit);

    /// <summary>Options of earlier versions, which wrote paths as they were given.</summary>
    private static readonly JsonSerializerOptions Earlier = With(NameKinds, CheckValues, ForgetIgnored, SpecFormula.Add,
        SpecDefaults.Omit);

    private static JsonSerializerOptions With(params Action<JsonTypeInfo>[] modifiers)
    {
        var resolver = new DefaultJsonTypeInfoResolver();
        foreach (var modifier in modifiers) resolver.Modifiers.Add(modifier);
        return new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            ReadCommentHandling = JsonCommentHandling.Skip,
            AllowTrailingCommas = true,
            AllowDuplicateProperties = false,
            AllowOutOfOrderMetadataProperties = true,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            NumberHandling = JsonNumberHandling.Strict,
            WriteIndented = true,
            NewLine = "\n",
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
            TypeInfoResolver = resolver,
        };
    }

    /// <summary>
    /// As <see cref="Options"/>, for what a person wrote: two keys for one quantity (<see cref="InsteadOfAttribute"/>) are an error,
    /// while a stored record has every key.
    /// </summary>
    private static readonly JsonSerializerOptions Given = new(Options)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver
        {
            Modifiers = { NameKinds, CheckValues, GivenKeys.Check, ForgetIgnored }
        },
    };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <summary>Writes paths as they were given: the text whose hash was the id of a trial in earlier versions.</summary>
    internal static string WriteEarlier<T>(T value) => JsonSerializer.Serialize(value, Earlier);

    /// <exception cref="JsonException">The text does not fit; message, path and line show where.</exception>
    public static T Read<T>(string json) =>
        JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException("the text is null", "$", 0, 0);

    /// <summary>The same from UTF-8.</summary>
    /// <inheritdoc cref="Read{T}(string)"/>
    public static T Read<T>(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException("the text is null", "$", 0, 0);

    /// <summary>Reads a text that a person wrote; stricter than <see cref="Read{T}(string)"/>.</summary>
    /// <inheritdoc cref="Read{T}(string)" path="/exception"/>
    public static T ReadGiven<T>(string json) =>
        JsonSerializer.Deserialize<T>(json, Given) ?? throw new JsonException("the text is null", "$", 0, 0);

    private static IEnumerable<Type> FindKinds()
    {
        var marks = typeof(ChosenByTypeAttribute).Assembly;
        return AppDomain.CurrentDomain.GetAssemblies()
            .Where(assembly => !assembly.IsDynamic
                && (assembly == marks || assembly.GetReferencedAssemblies().Any(name => name.Name == marks.GetName().Name)))
            .SelectMany(assembly => assembly.GetTypes())
            .Select(type => (Type: type, Mark: type.GetCustomAttribute<ChosenByTypeAttribute>(inherit: false)))
            .Where(kind => kind.Mark is not null)
            .OrderBy(kind => kind.Mark!.Place).ThenBy(kind => kind.Type.FullName, StringComparer.Ordinal)
            .Select(kind => kind.Type);
    }

    private static void NameKinds(JsonTypeInfo info)
    {
        if (!Kinds.Contains(info.Type)) return;
        info.PolymorphismOptions = new JsonPolymorphismOptions
        {
            TypeDiscriminatorPropertyName = Discriminator,
            UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization,
        };
        foreach (var (name, type) in Catalog.RecordsOf(info.Type)) info.PolymorphismOptions.DerivedTypes.Add(new JsonDerivedType(type,
            name));
    }

    /// <summary>
    /// A value that an attribute of its property refuses fails at the value, so that the error names its line. [Required] stays with the
    /// reader, which knows missing from empty.
    /// </summary>
    private static void CheckValues(JsonTypeInfo info)
    {
        foreach (var property in info.Properties)
        {
            if (property.Set is not { } set || property.AttributeProvider is not PropertyInfo member) continue;
            ValidationAttribute[] rules = [.. member.GetCustomAttributes<ValidationAttribute>()
                .Where(rule => rule is not RequiredAttribute)];
            if (rules.Length == 0) continue;
            property.Set = (target, value) =>
            {
                if (value is not null && Array.Find(rules, rule => !rule.IsValid(value)) is { } broken)
                    throw new JsonException(Refusal(OptionRanges.SuiteName(member), value, broken));
                set(target, value);
            };
        }
    }

    private static string Refusal(string name, object value, ValidationAttribute broken) => broken is RangeAttribute range
        ? $"{name} = {value}; must be in {OptionRanges.Interval(range)}"
        : broken.FormatErrorMessage($"{name} = \"{value}\"");

    /// <summary>Makes a member that is not stored an unknown key; the reader would skip it silently.</summary>
    private static void ForgetIgnored(JsonTypeInfo info)
    {
        for (var i = info.Properties.Count - 1; i >= 0; i--)
        {
            if (info.Properties[i].AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute),
                inherit: true) is [JsonIgnoreAttribute { Condition: JsonIgnoreCondition.Always }]) info.Properties.RemoveAt(i);
        }
    }
}
