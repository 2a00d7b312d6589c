using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Ablation.Harness.Faces;
using Ablation.Harness.Metrics;
using Ablation.Harness.Networks;
using Ablation.Harness.Protocols;
using Ablation.Harness.Training;
using Ablation.Losses;
using Ablation.Losses.Options;

namespace Ablation.Harness.Foundations;

/// <summary>
/// Specifications and results as JSON. A loss, backbone, source, test or schedule is an object whose "type" names it; the
/// known types come from <see cref="Catalog"/>. Reading is strict: unknown or missing members and numbers out of range are errors.
/// </summary>
public static class SpecJson
{
    /// <summary>The property that names the kind of an object.</summary>
    public const string Discriminator = "type";

    /// <summary>Records of which a suite may choose one by name.</summary>
    public static readonly IReadOnlyList<Type> Kinds =
        [typeof(LossOptions), typeof(BackboneOptions), typeof(SourceOptions), typeof(ProtocolOptions), typeof(ScheduleOptions),
            .. Marked()];

    public static readonly JsonSerializerOptions Options = With(NameKinds, CheckRanges, CheckNames, ForgetIgnored, SpecPaths.Normalise,
        SpecFormula.Add);

    /// <summary>As earlier versions wrote: paths as they were given.</summary>
    private static readonly JsonSerializerOptions Earlier = With(NameKinds, CheckRanges, CheckNames, ForgetIgnored, SpecFormula.Add);

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
    /// Reads what a person wrote: as <see cref="Options"/>, and two keys for one quantity (<see cref="InsteadOfAttribute"/>) are an
    /// error, where a stored record has every key.
    /// </summary>
    private static readonly JsonSerializerOptions Given = new(Options)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver
        {
            Modifiers = { NameKinds, CheckRanges, CheckNames, GivenKeys.Check,
            ForgetIgnored }
        },
    };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <summary>With paths as they were given: the text whose hash was the id of a trial in earlier versions.</summary>
    internal static string WriteEarlier<T>(T value) => JsonSerializer.Serialize(value, Earlier);

    /// <exception cref="JsonException">The text does not fit; its message, path and line say where.</exception>
    public static T Read<T>(string json) =>
        JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException("the text is null", "$", 0, 0);

    /// <summary>Reads a text that a person wrote; stricter than <see cref="Read"/>.</summary>
    /// <inheritdoc cref="Read" path="/exception"/>
    public static T ReadGiven<T>(string json) =>
        JsonSerializer.Deserialize<T>(json, Given) ?? throw new JsonException("the text is null", "$", 0, 0);

    /// <summary>Kinds of the assemblies that stand above this one.</summary>
    private static IEnumerable<Type> Marked() => AppDomain.CurrentDomain.GetAssemblies()
        .Where(assembly => !assembly.IsDynamic
            && assembly.GetReferencedAssemblies().Any(name => name.Name == typeof(SpecJson).Assembly.GetName().Name))
        .SelectMany(assembly => assembly.GetTypes()).Where(type => type.IsDefined(typeof(ChosenByTypeAttribute), inherit: false))
        .OrderBy(type => type.FullName, StringComparer.Ordinal);

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

    /// <summary>A number out of its range fails at the number, so that the error names its line.</summary>
    private static void CheckRanges(JsonTypeInfo info)
    {
        foreach (var property in info.Properties)
        {
            if (property.Set is not { } set || property.AttributeProvider is not PropertyInfo member) continue;
            if (member.GetCustomAttribute<RangeAttribute>() is not { } range) continue;
            property.Set = (target, value) =>
            {
                if (value is not null && !range.IsValid(value))
                    throw new JsonException($"{OptionRanges.SuiteName(member)} = {$"{value}"}; must be in {OptionRanges.Interval(range)}");
                set(target, value);
            };
        }
    }

    /// <summary>A name that is unknown fails at the name.</summary>
    private static void CheckNames(JsonTypeInfo info)
    {
        foreach (var property in info.Properties)
        {
            if (property.Set is not { } set || property.AttributeProvider is not PropertyInfo member) continue;
            if (member.GetCustomAttribute<ConventionNameAttribute>() is not { } name) continue;
            property.Set = (target, value) =>
            {
                if (!name.IsValid(value))
                    throw new JsonException(name.FormatErrorMessage($"{OptionRanges.SuiteName(member)} = \"{value}\""));
                set(target, value);
            };
        }
    }

    /// <summary>A member that is not stored is an unknown key, where the reader would pass over it in silence.</summary>
    private static void ForgetIgnored(JsonTypeInfo info)
    {
        for (var i = info.Properties.Count - 1; i >= 0; i--)
        {
            if (info.Properties[i].AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute),
                inherit: true) is [JsonIgnoreAttribute { Condition: JsonIgnoreCondition.Always }]) info.Properties.RemoveAt(i);
        }
    }
}
