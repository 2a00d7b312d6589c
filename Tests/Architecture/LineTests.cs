using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Ablation.Tests.Architecture;

/// <summary>Limits of every source file.</summary>
[Parallelizable]
public sealed class LineTests
{
    private const int LongestLine = 140, LongestFile = 250;

    [Test]
    public void No_line_is_longer_than_140_characters() => Assert.That(Sources().SelectMany(LongLines), Is.Empty);

    [Test]
    public void No_file_is_longer_than_250_lines() =>
        Assert.That(Sources().Where(file => File.ReadLines(file).Count() > LongestFile).Select(Name), Is.Empty);

    private static IEnumerable<string> Sources() => new[] { "Losses", "Harness", "Benchmarks", "Experiments", "Tests" }
        .SelectMany(project => Directory.EnumerateFiles(Path.Combine(Repository.Root, project), "*.cs", SearchOption.AllDirectories))
        .Where(file => !Name(file).Split('/').Any(part => part is "obj" or "bin"));

    private static string Name(string file) => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/');

    /// <summary>Lines inside a raw string of several lines are data: a line break would change them.</summary>
    private static IEnumerable<string> LongLines(string file)
    {
        var lines = File.ReadAllLines(file);
        var longer = lines.Index().Where(line => line.Item.Length > LongestLine).Select(line => line.Index).ToList();
        if (longer.Count == 0) return [];
        var tree = CSharpSyntaxTree.ParseText(string.Join('\n', lines));
        var raw = tree.GetRoot().DescendantTokens()
            .Where(token => token.IsKind(SyntaxKind.MultiLineRawStringLiteralToken)
                || token.IsKind(SyntaxKind.InterpolatedMultiLineRawStringStartToken))
            .Select(token => token.IsKind(SyntaxKind.InterpolatedMultiLineRawStringStartToken)
                ? token.Parent!.GetLocation() : token.GetLocation())
            .Select(place => place.GetLineSpan()).ToList();
        return longer.Where(line => !raw.Any(span => span.StartLinePosition.Line < line && line < span.EndLinePosition.Line))
            .Select(line => $"{Name(file)}({line + 1}): {lines[line].Length} characters");
    }
}
