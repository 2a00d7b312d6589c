using System.Runtime.CompilerServices;

namespace Ablation.Tests;

/// <summary>Text that must not change by accident: compared with Tests/Golden/NAME.txt, which UPDATE_GOLDEN=1 rewrites.</summary>
public static class Golden
{
    /// <param name="name">By default the running test's own name.</param>
    public static void Check(string text, [CallerMemberName] string name = "")
    {
        var path = Path.Combine(Repository.Root, "Tests", "Golden", name + ".txt");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }

        Assert.That(path, Does.Exist, "run once with UPDATE_GOLDEN=1 and read what it wrote");
        Assert.That(text, Is.EqualTo(File.ReadAllText(path).ReplaceLineEndings("\n")),
            $"{path}: read the difference; UPDATE_GOLDEN=1 accepts it");
    }
}
