using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ablation.Tests.Architecture;

/// <summary>Each folder uses only the folders that docs/architecture.md allows, without cycles.</summary>
[Parallelizable]
public sealed partial class RoomTests
{
    /// <summary>Folders that may hold unsafe code and native calls, subfolders included.</summary>
    private static readonly string[] UnsafeRooms = ["Harness/Kernels", "Harness/Native", "Losses/Kernels"];

    [Test, Category("Slow")]
    public void A_folder_knows_only_what_the_table_lists_and_what_those_know()
    {
        var table = Table();
        Assert.That(table, Is.Not.Empty, "the table of docs/architecture.md");
        var folders = ReferenceGraph.Product.Folders();
        var wrong = folders.Keys.Except(table.Keys).Select(folder => $"{folder}: not in the table")
            .Concat(table.Keys.Except(folders.Keys).Select(folder => $"{folder}: no such folder")).ToList();
        foreach (var (folder, arrows) in folders)
        {
            var allowed = Reachable(table, folder);
            wrong.AddRange(arrows.Where(arrow => !allowed.Contains(arrow.Key)).Select(arrow => $"{folder} -> {arrow.Key}: {arrow.Value}"));
            wrong.AddRange(table.GetValueOrDefault(folder, []).Except(arrows.Keys)
                .Select(other => $"{folder} -> {other}: nothing uses it"));
        }

        Assert.That(wrong, Is.Empty);
    }

    [Test, Category("Slow")]
    public void Folders_have_no_cycle()
    {
        var folders = ReferenceGraph.Product.Folders();
        Assert.That(Circles.Find(folders.Keys, folder => folders.TryGetValue(folder, out var arrows) ? arrows.Keys : []), Is.Empty);
    }

    [Test, Category("Slow")]
    public void No_cycle_has_more_than_three_files()
    {
        var graph = ReferenceGraph.Product;
        Assert.That(Circles.Find(graph.Edges.Keys, file => graph.Edges[file]).Where(circle => circle.Count > 3)
            .Select(circle => string.Join(", ", circle)), Is.Empty);
    }

    [Test]
    public void A_cycle_is_found()
    {
        var arrows = new Dictionary<string, string[]> { ["a"] = ["b"], ["b"] = ["c"], ["c"] = ["a", "d"], ["d"] = ["e"], ["e"] = [] };
        Assert.That(Circles.Find(arrows.Keys, node => arrows[node]).Single(), Is.EqualTo(new[] { "a", "b", "c" }));
    }

    [Test]
    public void Unsafe_code_and_native_calls_stay_in_their_folders()
    {
        var outside = ReferenceGraph.Files.Where(file =>
            !UnsafeRooms.Any(room => file.StartsWith(room + "/", StringComparison.Ordinal)) && IsUnsafe(file));
        Assert.That(outside, Is.Empty);
    }

    private static bool IsUnsafe(string file) => CSharpSyntaxTree.ParseText(File.ReadAllText(Path.Combine(Repository.Root, file))).GetRoot()
        .DescendantNodesAndTokens().Any(part => part.IsKind(SyntaxKind.UnsafeKeyword)
            || (part.AsNode() is AttributeSyntax attribute && attribute.Name.ToString() is "LibraryImport" or "DllImport")
            || (part.AsNode() is InvocationExpressionSyntax call
                && call.Expression.ToString() is "NativeLibrary.GetExport" or "NativeLibrary.Load"));

    private static HashSet<string> Reachable(Dictionary<string, HashSet<string>> table, string folder)
    {
        var found = new HashSet<string>();
        var open = new Stack<string>(table.GetValueOrDefault(folder, []));
        while (open.TryPop(out var other))
        {
            if (!found.Add(other)) continue;
            foreach (var next in table.GetValueOrDefault(other, [])) open.Push(next);
        }

        return found;
    }

    /// <summary>Rows "| `Harness/Faces` | what it is for | `Harness/Foundations`, `Harness/Images` |" of the section Rooms.</summary>
    private static Dictionary<string, HashSet<string>> Table()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "architecture.md"));
        var start = page.IndexOf("## Rooms", StringComparison.Ordinal);
        if (start < 0) return [];
        var end = page.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        return page[start..(end < 0 ? page.Length : end)].Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Trim('|').Split('|')).ToDictionary(cells => Quoted().Match(cells[0]).Groups[1].Value,
                cells => Quoted().Matches(cells[^1]).Select(match => match.Groups[1].Value).ToHashSet());
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
