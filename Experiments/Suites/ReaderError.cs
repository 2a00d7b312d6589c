using System.Text.Json;
using System.Text.RegularExpressions;
using Ablation.Harness.Foundations;
using Ablation.Losses;
using Ablation.Losses.Options;

namespace Ablation.Experiments.Suites;

/// <summary>
/// What the JSON reader says, in the words of a suite: file, line and key, and what is known in place of .NET's type names.
/// </summary>
internal static partial class ReaderError
{
    /// <param name="error">A <see cref="JsonException"/>, or the reader's <see cref="NotSupportedException"/> for an object without its
    /// type.</param>
    /// <param name="root">What the whole text is, where it is no suite.</param>
    public static string Tell(string file, Exception error, Type? root = null)
    {
        var place = Place().Match(error.Message); // the only place that a NotSupportedException has
        var path = (error as JsonException)?.Path ?? place.Groups["path"].Value;
        var line = (error as JsonException)?.LineNumber ?? (place.Success ? long.Parse(place.Groups["line"].Value) : 0);
        var message = place.Success ? error.Message[..place.Index].TrimEnd() : error.Message;
        return $"{file}({line + 1}): {(path.Length > 0 ? $"{path}: " : "")}{What(message, path, root)}";
    }

    private static string What(string message, string path, Type? root)
    {
        if (UnknownType().Match(message) is { Success: true } unknown)
        {
            var kind = SpecJson.Kinds.FirstOrDefault(kind => path.Contains(SuiteFile.KindName(kind), StringComparison.OrdinalIgnoreCase))
                ?? root ?? typeof(LossOptions);
            return $"unknown {SuiteFile.KindName(kind)} \"{unknown.Groups[1].Value}\"; known: {Known(kind)}";
        }

        if (NoType().Match(message) is { Success: true } untyped && Find(untyped.Groups[1].Value) is { } abstractKind)
            return $"the object has no \"{SpecJson.Discriminator}\"; known: {Known(abstractKind)}";
        if (UnknownMember().Match(message) is { Success: true } member)
        {
            var known = Find(member.Groups[2].Value) is { } type
                ? SpecJson.Options.GetTypeInfo(type).Properties.Where(property => property.Set is not null) : [];
            return $"unknown key \"{member.Groups[1].Value}\"; known: {string.Join(", ", known.Select(property => property.Name))}";
        }

        if (MissingMember().Match(message) is { Success: true } missing) return $"missing {missing.Groups[1].Value}";
        if (TwiceMember().Match(message) is { Success: true } twice) return $"the key \"{twice.Groups[1].Value}\" stands twice";
        if (NullMember().Match(message) is { Success: true } nothing) return $"{nothing.Groups[1].Value} must not be null";
        return IllTyped().Match(message) is { Success: true } typed ? $"must be {Expected(typed.Groups[1].Value)}" : message;
    }

    private static string Known(Type kind) => string.Join(", ", Catalog.RecordsOf(kind).Keys);

    private static string Expected(string type) => type switch
    {
        "System.Int32" => "a whole number of 32 bits",
        "System.Double" => "a number",
        "System.Boolean" => "true or false",
        "System.String" => "text in quotes",
        _ when type.StartsWith("System.Nullable`1[", StringComparison.Ordinal) => Expected(type["System.Nullable`1[".Length..^1]),
        _ when type.StartsWith("System.Collections.", StringComparison.Ordinal) => "a list in [ ]",
        _ when Find(type) is { IsEnum: true } named =>
            $"one of {string.Join(", ", Enum.GetValues(named).Cast<object>().Select(SpecJson.Write))}",
        _ when Find(type) is { } kind && SpecJson.Kinds.Contains(kind) =>
            $"an object {{ \"{SpecJson.Discriminator}\": ... }} of {Known(kind)}",
        _ => "an object in { }",
    };

    private static Type? Find(string type) =>
        AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetType(type)).FirstOrDefault(found => found is not null);

    [GeneratedRegex("unrecognized type discriminator id '([^']*)'")]
    private static partial Regex UnknownType();

    [GeneratedRegex("type '([^']*)' must specify a type discriminator")]
    private static partial Regex NoType();

    [GeneratedRegex("The JSON property '([^']*)' could not be mapped to any .NET member contained in type '([^']*)'")]
    private static partial Regex UnknownMember();

    [GeneratedRegex("missing required properties including:? (.*?)\\.")]
    private static partial Regex MissingMember();

    [GeneratedRegex("Duplicate property '([^']*)'")]
    private static partial Regex TwiceMember();

    [GeneratedRegex("The property or field '([^']*)' on type '[^']*' doesn't allow setting null values")]
    private static partial Regex NullMember();

    [GeneratedRegex(@"could not be converted to (.*?)\.?$")]
    private static partial Regex IllTyped();

    [GeneratedRegex(@"\s*(The unsupported member type is located on type '[^']*'\.\s*)?Path: (?<path>\S*) \| LineNumber: (?<line>\d+) .*$")]
    private static partial Regex Place();
}
