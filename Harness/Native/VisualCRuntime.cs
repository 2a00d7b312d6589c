using System.Runtime.InteropServices;

namespace Ablation.Harness.Native;

/// <summary>Microsoft's C++ runtime. libtorch's libraries for Windows need it; neither their package nor a fresh Windows has it.</summary>
public static class VisualCRuntime
{
    /// <summary>Where Microsoft has the installer.</summary>
    public const string Address = "https://aka.ms/vs/17/release/vc_redist.x64.exe";

    private static readonly string[] Libraries = ["vcruntime140.dll", "vcruntime140_1.dll", "msvcp140.dll"];

    /// <summary>Returns what is missing and what to do, in one line; null if nothing is, and on other systems.</summary>
    public static string? Problem() => OperatingSystem.IsWindows() ? Problem(name => NativeLibrary.TryLoad(name, out _)) : null;

    internal static string? Problem(Func<string, bool> loads)
    {
        var missing = Libraries.Where(name => !loads(name)).ToList();
        return missing.Count == 0 ? null
            : $"libtorch needs the Microsoft Visual C++ 2015-2022 Redistributable (x64), and {string.Join(", ", missing)} " +
                $"{(missing.Count == 1 ? "is" : "are")} not installed: run {Address} and try again";
    }
}
