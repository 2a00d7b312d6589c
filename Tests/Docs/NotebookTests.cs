using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;
using Ablation.Experiments.Keeping;
using Ablation.Harness.Foundations;
using Ablation.Tests.Keeping;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Ablation.Tests.Docs;

/// <summary>The examples of docs/notebooks.md read what <c>trials</c> writes, and find the numbers that were stored.</summary>
public sealed class NotebookTests
{
    private const string Page = "docs/notebooks.md";
    private KeptSuites kept = null!;
    private TemporaryFolder folder = null!;

    [SetUp]
    public void Make()
    {
        (kept, folder) = (new KeptSuites(), new TemporaryFolder());
        kept.Made.Finish("Softmax", 2);
        File.WriteAllText(folder.File("trials.csv"), TidyCsv.Write(kept.Read(), Assert.Fail));
        File.WriteAllText(folder.File("trials.json"), SpecJson.Write(kept.Read()
            .Select(trial => TrialJson.Of(trial, Assert.Fail)).ToList()));
    }

    [TearDown]
    public void Remove()
    {
        kept.Dispose();
        folder.Dispose();
    }

    [TestCase("import csv")]
    [TestCase("import pandas")]
    public void The_python_examples_find_the_means(string first)
    {
        if (!Python("-c", first, out _)) Assert.Ignore($"no python3 here that can \"{first}\"");
        var example = Pages.Blocks(Page, "python").Single(block => block.StartsWith(first, StringComparison.Ordinal));
        File.WriteAllText(folder.File("example.py"), example);
        Assert.That(Python(folder.File("example.py"), "", out var output), output);
        Check(output);
    }

    [Test]
    public void The_csharp_example_finds_the_means()
    {
        var example = Pages.Blocks(Page, "csharp").Single();
        var text = "using System; using System.IO; using System.Linq;\n"
            + example.Replace("\"trials.json\"", $"@\"{folder.File("trials.json")}\"", StringComparison.Ordinal);
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path));
        var program = CSharpCompilation.Create("notebook", [CSharpSyntaxTree.ParseText(text)], references);
        using var bytes = new MemoryStream();
        Assert.That(program.Emit(bytes).Diagnostics.Where(one => one.Severity == DiagnosticSeverity.Error), Is.Empty);
        var before = Console.Out;
        using var output = new StringWriter();
        try
        {
            Console.SetOut(output);
            Assembly.Load(bytes.ToArray()).EntryPoint!.Invoke(null, [Array.Empty<string>()]);
        }
        finally
        {
            Console.SetOut(before);
        }

        Check(output.ToString());
    }

    /// <summary>Checks a line per loss: its name, its mean, perhaps others, and the number of trials.</summary>
    private void Check(string output)
    {
        var rows = output.Split('\n').Select(line => line.TrimEnd('\r').Split('\t')).Where(row => row[0] is "Softmax" or "ArcFace")
            .ToList();
        foreach (var (loss, seeds) in ((string, int[])[])[("Softmax", [1, 2]), ("ArcFace", [1])])
        {
            var row = rows.Single(row => row[0] == loss);
            var mean = seeds.Average(seed => kept.Of(loss, seed).Headline!.Value!.Value);
            Assert.That(double.Parse(row[1]), Is.EqualTo(mean).Within(1e-12), loss);
            Assert.That(row[^1], Is.EqualTo($"{seeds.Length}"), loss);
        }
    }

    private bool Python(string first, string second, out string output)
    {
        var start = new ProcessStartInfo("python3", second.Length > 0 ? [first, second] : [first])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        output = "";
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0) output = errors.Result;
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false; // the program is missing
        }
    }
}
