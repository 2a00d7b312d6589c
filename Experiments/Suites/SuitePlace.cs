using System.Text;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Suites;

/// <summary>
/// Finds the line of a problem that involves several keys of a suite, from the problem's own words: "losses: Npt: k = 100 with ..." is the
/// 100 of that k in the entry of that type.
/// </summary>
internal static class SuitePlace
{
    private const string Twice = "the same entry twice";

    // a suite may give conditions one by one; the problems name the lists all the same
    private static readonly Dictionary<string, string> InConditions = new()
    {
        ["backbones"] = "backbone",
        ["resolutions"] = "resolution",
        ["trainings"] = "training",
    };

    /// <summary>Returns "FILE(LINE,COLUMN): PROBLEM", or "FILE: PROBLEM" for something that the file lacks.</summary>
    /// <param name="problem">Begins with its key.</param>
    /// <param name="data">Where relative paths start; null if the problem is not about data.</param>
    public static string Mark(SuiteSource source, string problem, DataRoot? data = null)
    {
        if (JsonPlaces.Read(Encoding.UTF8.GetBytes(source.Text)) is not { } root || Top(root, problem) is not { Count: > 0 } top)
            return $"{source.File}: {problem}";
        if (data is not null && OnDisk(top, problem, data) is { } path)
        {
            var isRelative = !Path.IsPathRooted(path.Text);
            return $"{source.Place(path.Start)}: {problem}" +
                (isRelative ? $"; {path.Key} \"{path.Text}\" starts from the folder of --data, now {data.Folder}" : "");
        }

        return $"{source.Place(Narrow(top, problem).Start)}: {problem}";
    }

    private static IReadOnlyList<JsonPlace> Top(JsonPlace root, string problem)
    {
        var (key, index) = (problem.Split(": ")[0], "");
        if (key.IndexOf('[') is > 0 and var bracket) (key, index) = (key[..bracket], key[bracket..]);
        if (root.Below(key) is { } top) return [index.Length > 0 ? top.At("$" + index) ?? top : top];
        if (!InConditions.TryGetValue(key, out var one)) return [];
        return [.. root.Below("conditions")?.Children.Select(condition => condition.Below(one)).OfType<JsonPlace>() ?? []];
    }

    private static JsonPlace Narrow(IReadOnlyList<JsonPlace> top, string problem)
    {
        var current = top;
        foreach (var part in problem.Split(": ").Skip(1))
            if (Step([.. current.SelectMany(one => one.Text.StartsWith('[') ? one.Children : [one])], part) is { Count: > 0 } next)
                current = next;
        return current[0];
    }

    /// <summary>Returns the values that one part of a problem speaks of; empty if it names none.</summary>
    private static IReadOnlyList<JsonPlace> Step(IReadOnlyList<JsonPlace> among, string part)
    {
        if (part.StartsWith(Twice, StringComparison.Ordinal))
            return [.. among.GroupBy(one => one.Text).Where(same => same.Count() > 1).Select(same => same.Last())];
        var named = among.Where(one => one.Children.Any(child => child.Children.Count == 0 && child.Text == part.Trim('"'))).ToList();
        if (named.Count > 0) return named;
        string[] words = [.. part.Split(' ').Select(word => word.Trim(',', ';', '"', '.'))];
        foreach (var word in words.Where(word => word.Length > 0))
        {
            var found = among.Select(one => one.Below(word)).OfType<JsonPlace>().ToList();
            var exact = found.Where(one => words.Contains(one.Text)).ToList();
            if (found.Count > 0) return exact.Count > 0 ? exact : found;
        }

        // a problem begins with what is wrong and ends with what would do
        return [.. among.Where(one => one.Children.Count == 0 && words.Contains(one.Text)).OrderBy(one => Array.IndexOf(words, one.Text))];
    }

    /// <summary>Returns the path of the suite that the problem names in full; null if it names none.</summary>
    private static JsonPlace? OnDisk(IReadOnlyList<JsonPlace> top, string problem, DataRoot data) =>
        top.SelectMany(one => one.All())
        .Where(one => one.Children.Count == 0 && one.Key is not ("" or SpecJson.Discriminator) && one.Text.Length > 0)
        .Where(one => problem.Contains(data.Resolve(one.Text), StringComparison.Ordinal))
        .MaxBy(one => one.Text.Length);
}
