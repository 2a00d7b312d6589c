using System.Text.RegularExpressions;
using Ablation.Experiments.Reports.Tables;
using Microsoft.AspNetCore.Components;

namespace Ablation.Tests.Architecture;

/// <summary>Markup stands in templates that a designer can read and change, and every block has one.</summary>
[Parallelizable]
public sealed partial class MarkupTests
{
    private static readonly string Experiments = Path.Combine(Repository.Root, "Experiments");

    [Test]
    public void No_source_file_writes_markup()
    {
        var files = Directory.EnumerateFiles(Experiments, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin")).ToList();
        Assert.That(files, Has.Count.GreaterThan(200), "premise: the sources");
        Assert.That(files.SelectMany(file => File.ReadLines(file).Where(line => Tag().IsMatch(line)).Select(line =>
            $"{file}: {line.Trim()}")),
            Is.Empty);
    }

    [Test]
    public void Every_kind_of_block_has_a_component_named_after_it()
    {
        var types = typeof(Block).Assembly.GetTypes();
        var components = types.Where(type => type.IsAssignableTo(typeof(IComponent))).Select(type => type.Name).ToHashSet();
        var blocks = types.Where(type => type.IsAssignableTo(typeof(Block)) && !type.IsAbstract).Select(type => $"{type.Name}View")
            .ToList();
        Assert.That(blocks, Has.Count.GreaterThan(12).And.SubsetOf(components));
    }

    /// <summary>The start of an element in a string; documentation comments have tags of their own.</summary>
    [GeneratedRegex("^(?!\\s*///).*<(div|span|td|tr|table|p|a|li|ul|svg|section|h[1-6])[ >]")]
    private static partial Regex Tag();
}
