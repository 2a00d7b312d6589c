namespace Ablation.Tests.Architecture;

/// <summary>What only one place may do, since Windows needs care there: moving files, starting programs, ending lines.</summary>
[Parallelizable]
public sealed class OneWayTests
{
    [TestCase("File.Move(", "Harness/Foundations/PatientFile.cs", "Losses/Weaving/KeepAliveWeaver.cs")] // the latter is a tool of the build
    [TestCase("File.Delete(", "Harness/Foundations/PatientFile.cs")]
    [TestCase("File.Replace(")]
    [TestCase("Directory.Move(", "Harness/Foundations/PatientFile.cs")]
    [TestCase("Directory.Delete(", "Harness/Foundations/PatientFile.cs")]
    // the first is the system's browser, the second shares the console
    [TestCase("new ProcessStartInfo(", "Experiments/Commands/OpenCommand.cs", "Experiments/Commands/WatchedReport.cs")]
    [TestCase("Environment.NewLine")]
    [TestCase("AppendLine(")]
    [TestCase("File.WriteAllLines(")]
    [TestCase("PrivateMemorySize64", "Harness/Native/WindowsMemory.cs")]
    public void The_product_does_it_in_one_place(string call, params string[] places)
    {
        var found = new[] { "Losses", "Harness", "Benchmarks", "Experiments" }
            .SelectMany(project => Directory.EnumerateFiles(Path.Combine(Repository.Root, project), "*.cs", SearchOption.AllDirectories))
            .Select(file => (File: file, Name: Path.GetRelativePath(Repository.Root, file).Replace('\\', '/')))
            .Where(file => !file.Name.Split('/').Any(part => part is "obj" or "bin") && Calls(File.ReadAllText(file.File), call))
            .Select(file => file.Name);
        Assert.That(found, Is.EquivalentTo(places));
    }

    private static bool Calls(string text, string call)
    {
        for (var at = text.IndexOf(call, StringComparison.Ordinal); at >= 0; at = text.IndexOf(call, at + 1, StringComparison.Ordinal))
            if (at == 0 || !char.IsLetterOrDigit(text[at - 1])) return true;
        return false;
    }
}
