using System.Text.Json;
using Ablation.Harness.Formats;
using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Suites;

/// <summary>Reads suites strictly: whatever is unknown, missing, ill-typed or out of range is an error with file and line.</summary>
public static class SuiteFile
{
    /// <summary>Suites that ship with the program, beside it.</summary>
    public static string ShippedFolder => Path.Combine(AppContext.BaseDirectory, "Suites");

    /// <summary>Names of the suites that ship.</summary>
    public static IReadOnlyList<string> Shipped =>
        [.. Directory.GetFiles(ShippedFolder, "*.jsonc").Select(file => Path.GetFileNameWithoutExtension(file))
            .Order(StringComparer.Ordinal)];

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
            text = BoundedText.All(path, "look whether it is a suite");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DataProblem)
        {
            throw new SuiteException($"{path}: {e.Message}", e);
        }

        Suite suite;
        try
        {
            suite = SpecJson.ReadGiven<Suite>(text) with { Name = Path.GetFileNameWithoutExtension(path) };
        }
        catch (Exception e) when (e is JsonException or NotSupportedException) // the latter: an object without its type
        {
            throw new SuiteException(JsonProblem.Describe(path, text, e, typeof(Suite)), e);
        }

        var problems = SuiteRules.Problems(suite).ToList();
        if (problems.Count > 0) throw new SuiteException(string.Join("\n", problems.Select(problem => $"{path}: {problem}")));
        return suite;
    }
}
