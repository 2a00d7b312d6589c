using System.Text.Json;
using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Suites;

/// <summary>Reads suites strictly: anything unknown, missing, of a wrong type or out of range is an error with file and line.</summary>
public static class SuiteFile
{
    /// <summary>The folder of the shipped suites, beside the program.</summary>
    public static string ShippedFolder => Path.Combine(AppContext.BaseDirectory, "Suites");

    /// <summary>Names of the shipped suites.</summary>
    public static IReadOnlyList<string> Shipped =>
        [.. Directory.GetFiles(ShippedFolder, "*.jsonc").Select(file => Path.GetFileNameWithoutExtension(file))
            .Order(StringComparer.Ordinal)];

    /// <summary>Returns the file for a path or the name of a shipped suite.</summary>
    /// <exception cref="SuiteException">There is no such file or suite.</exception>
    public static string Find(string nameOrPath)
    {
        if (File.Exists(nameOrPath)) return nameOrPath;
        var shipped = Path.Combine(ShippedFolder, nameOrPath + ".jsonc");
        if (File.Exists(shipped)) return shipped;
        throw new SuiteException($"{nameOrPath}: no such suite; {NearName.Hint(nameOrPath, Shipped)}\n" +
            "  name one that ships (ablation list suites), or the path of a .jsonc file");
    }

    /// <summary>Reads and checks one suite.</summary>
    /// <param name="settings">Values to set in it: "trainings.epochs=5".</param>
    /// <exception cref="SuiteException">The file is invalid.</exception>
    public static Suite Read(string path, IReadOnlyList<string>? settings = null)
    {
        var source = SuiteAssembly.Read(path, settings ?? [], Find);
        Suite suite;
        try
        {
            suite = SpecJson.ReadGiven<Suite>(source.Text) with { Name = Path.GetFileNameWithoutExtension(path), Source = source };
        }
        catch (Exception e) when (e is JsonException or NotSupportedException) // the latter: an object without a type
        {
            var (start, where, cause) = JsonProblem.Find(source.Text, e, typeof(Suite));
            throw new SuiteException($"{source.Place(start)}: {(where.Length > 0 ? $"{where}: " : "")}{cause}", e);
        }

        var problems = SuiteRules.Problems(suite).ToList();
        if (problems.Count > 0) throw new SuiteException(string.Join("\n", problems.Select(problem => SuitePlace.Mark(source, problem))));
        return suite;
    }
}
