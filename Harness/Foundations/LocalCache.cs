namespace Ablation.Harness.Foundations;

/// <summary>Where this program keeps what it can compute again, for one user on one machine.</summary>
public static class LocalCache
{
    /// <summary>
    /// Returns a folder of the user's local application data, or of <c>ABLATION_CACHE</c> if it is set; it may not exist yet.
    /// </summary>
    public static string Folder(string name)
    {
        if (Environment.GetEnvironmentVariable("ABLATION_CACHE") is { Length: > 0 } named)
            return Path.Combine(Path.GetFullPath(named), name);
        var local = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return Path.Combine(local.Length > 0 ? local : Path.GetTempPath(), "ablation", name);
    }
}
