namespace Ablation.Tests;

/// <summary>Real faces beside the project: the folder named by ABLATION_DATA, or shared/data next to the checkout.</summary>
public static class RealData
{
    /// <summary>Returns the full path of <paramref name="name"/> in the real data; skips the running test if it is missing.</summary>
    public static string Path(string name)
    {
        var folder = Folder();
        if (folder is null)
            Assert.Ignore("no real data: set ABLATION_DATA to the folder that holds lfw112, cfp112 and formats");
        var path = System.IO.Path.Combine(folder!, name);
        if (!File.Exists(path) && !Directory.Exists(path)) Assert.Ignore($"the real data lacks {name}");
        return path;
    }

    private static string? Folder()
    {
        if (Environment.GetEnvironmentVariable("ABLATION_DATA") is { Length: > 0 } named) return named;
        var beside = System.IO.Path.Combine(Repository.Root, "..", "shared", "data");
        return Directory.Exists(beside) ? System.IO.Path.GetFullPath(beside) : null;
    }
}
