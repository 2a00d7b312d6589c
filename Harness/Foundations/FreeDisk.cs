namespace Ablation.Harness.Foundations;

/// <summary>The free space of a disk.</summary>
public static class FreeDisk
{
    /// <summary>Returns the bytes that may be written in an existing folder; null for a network path of Windows.</summary>
    public static long? Bytes(string folder)
    {
        var full = Path.GetFullPath(folder);
        try
        {
            return new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(full)! : full).AvailableFreeSpace;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
