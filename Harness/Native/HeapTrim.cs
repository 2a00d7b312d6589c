using System.Runtime.InteropServices;

namespace Ablation.Harness.Native;

/// <summary>Returns free pages of the C library's heap to the system, so that their next use counts as resident again.</summary>
public static class HeapTrim
{
    /// <summary>Returns all that can be returned; false where the C library does not offer it.</summary>
    public static bool Run()
    {
        try
        {
            _ = Trim(0);
            return true;
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "malloc_trim")]
    private static extern int Trim(nuint pad);
}
