using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Security.Cryptography;
using Ablation.Harness.Foundations;
using Ablation.Losses.Kernels;

namespace Ablation.Harness.Native;

/// <summary>
/// Prepares libtorch on this machine. Call <see cref="Prepare"/> before the first tensor: at the top of Main, in the
/// tests' set-up, in a benchmark's global set-up.
/// </summary>
public static partial class TorchNative
{
    private const string Wrapper = "libLibTorchSharp.so";
    internal const string WrapperLibrary = "LibTorchSharp";
    private const string MissingVersion = "GLIBCXX_3.4.32"; // GCC 13; no symbol of it is used, only its name is needed
    private const nint HugePage = 2 << 20;
    private const nuint SmallestHeap = 1 << 30;
    private static readonly Lock Gate = new();
    private static bool prepared;

    /// <summary>
    /// Sets allocator and thread waiting (Linux), loads the libtorch of <see cref="LibtorchFolder.Variable"/>, and patches the wrapper
    /// where libstdc++ is older. Idempotent.
    /// </summary>
    /// <exception cref="InvalidDataException">A wrapper of a native library is not the one that the build rewrites, see
    /// <see cref="KeptArguments"/>, or the libtorch that was asked for does not fit.</exception>
    /// <param name="unloadable">Called instead of loading libtorch where Microsoft's runtime is missing, with the problem. It should end
    /// the process: TorchSharp would catch an exception and print two pages.</param>
    public static void Prepare(Action<string>? unloadable = null)
    {
        lock (Gate)
        {
            if (prepared) return;
            KeptArguments.Require();
            prepared = true;
            if (OperatingSystem.IsWindows()) PrepareWindows(unloadable);
            if (OperatingSystem.IsLinux()) TuneProcess();
            LibtorchFolder.Load();
            LibtorchLog.ShowErrorsAlone();
            if (!OperatingSystem.IsLinux() || LibtorchFolder.Taken is not null) return;
            AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) =>
                name is "LibTorchSharp" or Wrapper ? LoadPatched(WrapperPath()) : 0;
        }
    }

    /// <summary>
    /// Sets what Intel's libraries in the Windows package read when they are loaded: their console handler would end the process on
    /// Ctrl-C before anything is saved.
    /// </summary>
    private static void PrepareWindows(Action<string>? unloadable)
    {
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) =>
        {
            if (name.Contains("torch", StringComparison.OrdinalIgnoreCase) && VisualCRuntime.Problem() is { } problem)
                unloadable?.Invoke(problem);
            return 0;
        };
        NativeEnvironment.SetDefault("FOR_DISABLE_CONSOLE_CTRL_HANDLER", "1");
        NativeEnvironment.SetDefault("KMP_BLOCKTIME", "1");
        NativeEnvironment.SetDefault("TORCH_CPP_LOG_LEVEL", "ERROR");
    }

    /// <summary>
    /// Keeps freed memory in the process (no mmap for large blocks, no trimming): glibc returns every large block to the system at once,
    /// and page faults then cost more than the arithmetic. The environment is set in the C library, since .NET's does not reach native
    /// code. docs/decisions.md has the measurements.
    /// </summary>
    private static void TuneProcess()
    {
        try
        {
            mallopt(-4, 0);        // M_MMAP_MAX
            mallopt(-1, -1);       // M_TRIM_THRESHOLD
            mallopt(-2, 64 << 20); // M_TOP_PAD
            // M_ARENA_MAX: a second thread's arena is made of heaps of 64 MiB, which go back to the system whatever is set above
            mallopt(-8, 1);
            UseHugePages();
            NativeEnvironment.SetForLibraries("GOMP_SPINCOUNT", "3000"); // a spinning thread starves others on its core
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // another C library (musl): its allocator has no such settings
        }
    }

    /// <summary>
    /// Asks for huge pages for the whole heap: in small pages large feature maps take twice the time (docs/decisions.md). The heap grows
    /// piece by piece, and each piece would have to ask; so addresses for all of it are reserved once, marked, and freed again. No
    /// memory is taken before it is used. Does nothing where the system counts addresses as memory.
    /// </summary>
    private static void UseHugePages()
    {
        const string overcommit = "/proc/sys/vm/overcommit_memory";
        if (!File.Exists(overcommit) || File.ReadAllText(overcommit).Trim() == "2") return;
        for (var bytes = (nuint)GC.GetGCMemoryInfo().TotalAvailableMemoryBytes; bytes >= SmallestHeap; bytes /= 2)
        {
            var block = malloc(bytes);
            if (block == 0) continue; // a limit of the process (ulimit -v)
            var first = (block + HugePage - 1) / HugePage * HugePage;
            madvise(first, bytes - (nuint)(first - block), 14); // MADV_HUGEPAGE; refused if the system has none
            free(block);
            return;
        }
    }

    /// <summary>Loads a patched copy of the wrapper, after the ordinary search has failed.</summary>
    private static nint LoadPatched(string? wrapper)
    {
        if (wrapper is null) return 0;
        var folder = Path.GetDirectoryName(wrapper)!;
        foreach (var dependency in (string[])["libc10.so", "libtorch_cpu.so", "libtorch.so"])
            NativeLibrary.TryLoad(Path.Combine(folder, dependency), out _);
        return LoadCopy(wrapper);
    }

    /// <summary>Loads the package's wrapper onto the libtorch that is loaded already; 0 if that fails.</summary>
    internal static nint LoadWrapper() => WrapperPath() is not { } wrapper ? 0
        : NativeLibrary.TryLoad(wrapper, out var handle) ? handle : OperatingSystem.IsLinux() ? LoadCopy(wrapper) : 0;

    private static nint LoadCopy(string wrapper) =>
        Copy(wrapper) is { } patched && NativeLibrary.TryLoad(patched, out var handle) ? handle : 0;

    /// <summary>
    /// Returns the patched copy in the user's cache or, if that cannot be written, in a temporary folder of this process.
    /// </summary>
    private static string? Copy(string wrapper)
    {
        Exception? why = null;
        foreach (var folder in (Func<string>[])[CacheFolder, () => Directory.CreateTempSubdirectory("ablation-native-").FullName])
        {
            try
            {
                return PatchedCopy(wrapper, folder());
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                why = e;
            }
        }

        Console.Error.WriteLine(
            $"libtorch's wrapper needs a patched copy on this system, and neither {CacheFolder()} nor {Path.GetTempPath()} can be " +
            $"written: {why!.Message}; set TMPDIR to a folder that can");
        return null;
    }

    /// <summary>
    /// Returns a copy of <paramref name="wrapper"/> in <paramref name="cache"/> whose need of the missing version is weak. It is made once
    /// per content, by rename, so that several processes may start together.
    /// </summary>
    public static string PatchedCopy(string wrapper, string cache)
    {
        var bytes = File.ReadAllBytes(wrapper);
        var patched = Path.Combine(cache, $"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}-{Wrapper}");
        if (File.Exists(patched)) return patched;
        VersionNeed.MarkWeak(bytes, MissingVersion);
        Directory.CreateDirectory(cache);
        var temporary = $"{patched}.{Environment.ProcessId}";
        File.WriteAllBytes(temporary, bytes);
        PatientFile.Move(temporary, patched, overwrite: true);
        return patched;
    }

    private static string CacheFolder() => LocalCache.Folder("native");

    /// <summary>Returns the path of the package's wrapper, or null.</summary>
    public static string? WrapperPath()
    {
        var searched = (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "").Split(Path.PathSeparator);
        var candidates = searched.Append(AppContext.BaseDirectory)
            .Append(Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native"))
            .Where(folder => folder.Length > 0)
            .Select(folder => Path.Combine(folder, TorchExport.FileName(WrapperLibrary)));
        return candidates.FirstOrDefault(File.Exists);
    }

    [LibraryImport("libc")]
    private static partial int mallopt(int parameter, int value);

    [LibraryImport("libc")]
    private static partial nint malloc(nuint bytes);

    [LibraryImport("libc")]
    private static partial void free(nint block);

    [LibraryImport("libc")]
    private static partial int madvise(nint address, nuint bytes, int advice);
}
