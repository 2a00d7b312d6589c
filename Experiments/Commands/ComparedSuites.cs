using Ablation.Experiments.Reports.Comparing;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;

namespace Ablation.Experiments.Commands;

/// <summary>Finds the two suites of a comparison: each a suite, a .jsonc file or a folder of results, and @ before a commit.</summary>
internal static class ComparedSuites
{
    public const string Description = "two suites: names, .jsonc files or folders of results such as results/quick; @COMMIT after one " +
        "takes only its trials of that commit";

    /// <summary>Whether a text names a suite or its results, and so no trial.</summary>
    public static bool IsSuite(string named, string results) => Split(named) is var (name, _)
        && (IsStore(name) || IsStore(Path.Combine(results, name)) || IsFile(name));

    /// <exception cref="ArgumentException">Both are the same, or one has no finished trial.</exception>
    /// <exception cref="SuiteException">There is no such suite, or its file is invalid.</exception>
    public static SideBySide Read(string a, string b, DirectoryInfo results)
    {
        if (a == b)
            throw new ArgumentException($"{a}: named twice; name two suites, two folders of results or two commits (quick@0123abc)");
        var (first, second) = (Read(a, results), Read(b, results));
        // quick of two folders of results
        return first.Name == second.Name ? SideBySide.Of(first with { Name = a }, second with { Name = b }) : SideBySide.Of(first, second);
    }

    private static ComparedSide Read(string named, DirectoryInfo results)
    {
        var (name, commit) = Split(named);
        if (IsStore(name)) return ComparedSide.OfFolder(new ResultStore(Path.TrimEndingDirectorySeparator(name)), commit);
        var stored = Path.Combine(results.FullName, name);
        if (!IsFile(name) && IsStore(stored)) return ComparedSide.OfFolder(new ResultStore(stored), commit);
        var (suite, _) = new SuiteChoice(name, [], [], [], []).Read(results);
        return ComparedSide.OfSuite(suite, new ResultStore(Path.Combine(results.FullName, suite.Name)), commit);
    }

    private static bool IsFile(string name) => File.Exists(name) || SuiteFile.Shipped.Contains(name);

    private static bool IsStore(string folder) => Directory.Exists(Path.Combine(folder, "trials"));

    private static (string Name, string? Commit) Split(string named)
    {
        var at = named.LastIndexOf('@');
        return at <= 0 || at == named.Length - 1 || File.Exists(named) || Directory.Exists(named) ? (named, null)
            : (named[..at], named[(at + 1)..]);
    }
}
