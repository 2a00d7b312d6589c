using System.Runtime.InteropServices;

namespace Ablation.Harness.Native;

/// <summary>
/// Sets environment variables for native libraries. .NET keeps its own copy of the environment: a variable that it sets reaches child
/// processes, but not getenv of a library in this process.
/// </summary>
internal static partial class NativeEnvironment
{
    /// <summary>Sets a variable unless it is set, for this process's libraries and for its child processes.</summary>
    /// <returns>The value in force.</returns>
    public static string SetDefault(string name, string value)
    {
        if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } given) return given;
        Environment.SetEnvironmentVariable(name, value);
        SetForLibraries(name, value);
        return value;
    }

    /// <summary>Sets a variable unless it is set, for this process's libraries only: a peer that is timed keeps its own settings.</summary>
    public static void SetForLibraries(string name, string value)
    {
        try
        {
            if (OperatingSystem.IsWindows()) _ = putenv(name, value);
            else _ = setenv(name, value, 0);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // an unknown C library; SetDefault still reaches child processes
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);

    [LibraryImport("ucrtbase", EntryPoint = "_putenv_s", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int putenv(string name, string value);
}
