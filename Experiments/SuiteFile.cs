using System.Text.Json;
using System.Text.RegularExpressions;
using Ablation.Harness;
using Ablation.Losses;

namespace Ablation.Experiments;

/// <summary>A suite file cannot be used: file, line, what, and what is known.</summary>
public sealed class SuiteException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Reads suites strictly: whatever is unknown, missing, ill-typed or out of range is an error with file and line.</summary>
public static partial class SuiteFile
{
    /// <summary>Suites that ship with the program, beside it.</summary>
    public static string ShippedFolder => Path.Combine(AppContext.BaseDirectory, "Suites");

    /// <summary>Names of the suites that ship.</summary>
    public static IReadOnlyList<string> Shipped =>
        [.. Directory.GetFiles(ShippedFolder, "*.jsonc").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    /// <summary>The file that <paramref name="nameOrPath"/> means: a path, or the name of a suite that ships.</summary>
    /// <exception cref="SuiteException">There is neither.</exception>
    public static string Find(string nameOrPath)
    {
        if (File.Exists(nameOrPath)) return nameOrPath;
        var shipped = Path.Combine(ShippedFolder, nameOrPath + ".jsonc");
        if (File.Exists(shipped)) return shipped;
        throw new SuiteException($"{nameOrPath}: no such suite; give the path of a .jsonc file, or one of {string.Join(", ", Shipped)}");
    }

    /// <summary>Reads and checks one suite.</summary>
    /// <exception cref="SuiteException">The file does not fit.</exception>
    public static Suite Read(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SuiteException($"{path}: {e.Message}", e);
        }

        Suite suite;
        try
        {
            suite = SpecJson.Read<Suite>(text) with { Name = Path.GetFileNameWithoutExtension(path) };
        }
        catch (JsonException e)
        {
            throw new SuiteException($"{path}({e.LineNumber + 1}): {Explain(e)}", e);
        }
        catch (NotSupportedException e) // an object without its type
        {
            throw new SuiteException($"{path}: {Explain(new JsonException(e.Message))}", e);
        }

        var problems = SuiteRules.Problems(suite).ToList();
        if (problems.Count > 0) throw new SuiteException(string.Join("\n", problems.Select(problem => $"{path}: {problem}")));
        return suite;
    }

    /// <summary>The reader's message with what is known in place of type names.</summary>
    private static string Explain(JsonException e)
    {
        var at = e.Path is { Length: > 0 } path ? $"{path}: " : "";
        if (UnknownType().Match(e.Message) is { Success: true } unknown)
        {
            var kind = SpecJson.Kinds.FirstOrDefault(kind => e.Path?.Contains(KindName(kind), StringComparison.OrdinalIgnoreCase) == true) ?? typeof(LossOptions);
            return $"{at}unknown {KindName(kind)} \"{unknown.Groups[1].Value}\"; known: {string.Join(", ", Catalog.Of(kind).Keys)}";
        }

        if (UnknownMember().Match(e.Message) is { Success: true } member)
        {
            var type = AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetType(member.Groups[2].Value)).FirstOrDefault(found => found is not null);
            var known = type?.GetProperties().Where(property => property.CanWrite).Select(OptionRanges.SuiteName) ?? [];
            return $"{at}unknown key \"{member.Groups[1].Value}\"; known: {string.Join(", ", known)}";
        }

        if (MissingMember().Match(e.Message) is { Success: true } missing) return $"{at}missing {missing.Groups[1].Value}";
        return at + Position().Replace(e.Message, "").Trim();
    }

    /// <summary>What messages call a kind of options: loss, backbone, data, test, schedule.</summary>
    internal static string KindName(Type kind) => kind.Name switch
    {
        "SourceOptions" => "data",
        "ProtocolOptions" => "test",
        _ => char.ToLowerInvariant(kind.Name[0]) + Catalog.NameOf(kind)[1..],
    };

    [GeneratedRegex("unrecognized type discriminator id '([^']*)'")]
    private static partial Regex UnknownType();

    [GeneratedRegex("The JSON property '([^']*)' could not be mapped to any .NET member contained in type '([^']*)'")]
    private static partial Regex UnknownMember();

    [GeneratedRegex("missing required properties including:? (.*?)\\.")]
    private static partial Regex MissingMember();

    [GeneratedRegex(@"\s*Path: .*$")]
    private static partial Regex Position();
}
