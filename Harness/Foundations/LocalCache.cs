namespace Ablation.Harness.Foundations;

/// <summary>Where this program keeps, for one user on one machine, what it can find out again.</summary>
public static class LocalCache
{
    /// <summary>
    /// A folder of the user's local application data, or of <c>ABLATION_CACHE</c> where that is set. It need not be there yet.
    /// </summary>
    public static string Folder(string name)
    {
        if (Environment.GetEnvironmentVariable("ABLATION_CACHE") is { Length: > 0 } named)
            return Path.Combine(Path.GetFullPath(named), name);
        var local = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return Path.Combine(local.Length > 0 ? local : Path.GetTempPath(), "ablation", name);
    }
}
