using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ablation.Harness.Native;

/// <summary>
/// Has libtorch take large CPU tensors from a <see cref="BlockPool"/>. libtorch lets its allocator be replaced
/// (c10::SetCPUAllocator), but by a C++ object: this copies the table of the one that is there and changes two entries. What the
/// entries and their results look like is checked on the running library first; where anything is unexpected, all stays as it is.
/// </summary>
public static unsafe partial class BlockAllocator
{
    private const int TableHeader = 2, TableLength = 8, AllocateEntry = 2, DeleterEntry = 4, ResultWords = 4;
    private const long Smallest = 256 << 10;
    private static readonly BlockPool Pool = new();
    private static nint originalDeleter;
    private static int deleterWord, contextWord;

    /// <summary>Why the pool is not used; null where it is. Linux on x64 only.</summary>
    public static string? Absent { get; private set; } = "not installed";

    /// <summary>Bytes that tensors of the pool take up; 0 where it is not used.</summary>
    public static long Used => Pool.Used;

    /// <summary>Bytes that the pool holds, free blocks among them.</summary>
    public static long Held => Pool.Held;

    /// <summary>Gives free blocks back to the system: between phases that ask for different sizes.</summary>
    public static void Trim() => Pool.Trim();

    /// <summary>float32 values for kernels of our own, from the pool if it is used.</summary>
    internal static nint Take(long bytes) => Absent is null && bytes >= Smallest ? Pool.Take(bytes) : (nint)NativeMemory.AlignedAlloc((nuint)Math.Max(1, bytes), 64);

    internal static void Return(nint block)
    {
        if (!Pool.Return(block)) NativeMemory.AlignedFree((void*)block);
    }

    /// <summary>Replaces libtorch's allocator, once, before the first tensor.</summary>
    internal static void Install()
    {
        if (Absent is null) return;
        Absent = Environment.GetEnvironmentVariable("ABLATION_SYSTEM_MALLOC") is { Length: > 0 } ? "ABLATION_SYSTEM_MALLOC is set"
            : !OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64 ? "Linux on x64 only"
            : !NativeLibrary.TryLoad("libc10.so", typeof(TorchSharp.torch).Assembly, DllImportSearchPath.SafeDirectories, out var library) ? "libc10.so was not found"
            : Replace(library);
    }

    private static string? Replace(nint library)
    {
        if (!NativeLibrary.TryGetExport(library, "_ZN3c1015GetCPUAllocatorEv", out var get) || !NativeLibrary.TryGetExport(library, "_ZN3c1015SetCPUAllocatorEPNS_9AllocatorEh", out var set))
            return "this libtorch lets its allocator not be replaced";
        var original = ((delegate* unmanaged[Cdecl]<nint>)get)();
        var table = *(nint**)original;
        originalDeleter = ((delegate* unmanaged[Cdecl]<nint, nint>)table[DeleterEntry])(original);

        // a DataPtr is the data, a context and its deleter in some order, and a device
        var result = stackalloc nint[ResultWords];
        var returned = ((delegate* unmanaged[Cdecl]<nint*, nint, nuint, nint*>)table[AllocateEntry])(result, original, 64);
        if (returned != result || result[0] == 0 || originalDeleter == 0) return "libtorch's allocator answers unexpectedly";
        (deleterWord, contextWord) = result[1] == originalDeleter && result[2] == result[0] ? (1, 2) : result[2] == originalDeleter && result[1] == result[0] ? (2, 1) : (0, 0);
        if (deleterWord == 0 || (short)result[3] != unchecked((short)0xff00)) return "libtorch's memory handles look unexpectedly"; // the CPU, no index
        ((delegate* unmanaged[Cdecl]<nint, void>)originalDeleter)(result[0]);

        var physical = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var fork = Fork(Smallest, physical, (nint)(delegate* unmanaged[Cdecl]<nint*, nint, nuint, nint*>)&Allocate, table[AllocateEntry]);
        if (fork == 0) return "no executable memory may be made";
        var own = (nint*)NativeMemory.Alloc((1 + TableHeader + TableLength) * (nuint)sizeof(nint)); // an object of one word and its table; lives as long as the process
        var entries = own + 1 + TableHeader;
        own[0] = (nint)entries;
        for (var i = -TableHeader; i < TableLength; i++) entries[i] = table[i];
        entries[AllocateEntry] = fork;
        entries[DeleterEntry] = (nint)(delegate* unmanaged[Cdecl]<nint, nint>)&Deleter;
        ((delegate* unmanaged[Cdecl]<nint*, byte, void>)set)(own, 127);
        return null;
    }

    /// <summary>
    /// Machine code that sends a size in rdx from <paramref name="least"/> to <paramref name="most"/> to <paramref name="between"/>, and others,
    /// or those for which it returns 0, on: small ones stay fast, and where there is no memory libtorch throws its own exception, which could not
    /// pass through managed code.
    /// </summary>
    private static nint Fork(long least, long most, nint between, nint others)
    {
        const int readWrite = 3, readExecute = 5, privateAnonymous = 0x22;
        var at = BlockPool.mmap(0, 4096, readWrite, privateAnonymous, -1, 0);
        if (at == -1) return 0;
        Span<byte> code =
        [
            0x48, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, // mov rax, least
            0x48, 0x39, 0xC2,                   // cmp rdx, rax
            0x72, 0x27,                         // jb others
            0x48, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, // mov rax, most
            0x48, 0x39, 0xC2,                   // cmp rdx, rax
            0x77, 0x18,                         // ja others
            0x57, 0x56, 0x52,                   // push rdi, rsi, rdx: the arguments; the stack is aligned for a call now
            0x48, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, // mov rax, between
            0xFF, 0xD0,                         // call rax
            0x5A, 0x5E, 0x5F,                   // pop rdx, rsi, rdi
            0x48, 0x85, 0xC0,                   // test rax, rax
            0x74, 0x01,                         // jz others
            0xC3,                               // ret
            0x48, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, // others: mov rax, others
            0xFF, 0xE0,                         // jmp rax
        ];
        BitConverter.TryWriteBytes(code[2..], least);
        BitConverter.TryWriteBytes(code[17..], most);
        BitConverter.TryWriteBytes(code[35..], (long)between);
        BitConverter.TryWriteBytes(code[56..], (long)others);
        code.CopyTo(new Span<byte>((void*)at, code.Length));
        if (mprotect(at, 4096, readExecute) == 0) return at;
        _ = BlockPool.munmap(at, 4096);
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint* Allocate(nint* result, nint self, nuint bytes)
    {
        var block = Pool.Take((long)bytes);
        if (block == 0) return null; // libtorch's own allocator tries, and throws
        result[0] = block;
        result[deleterWord] = (nint)(delegate* unmanaged[Cdecl]<nint, void>)&Free;
        result[contextWord] = block;
        result[3] = unchecked((nint)0xff00);
        return result;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Deleter(nint self) => (nint)(delegate* unmanaged[Cdecl]<nint, void>)&Free;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Free(nint block)
    {
        if (!Pool.Return(block)) ((delegate* unmanaged[Cdecl]<nint, void>)originalDeleter)(block);
    }

    [LibraryImport("libc")]
    private static partial int mprotect(nint at, nuint length, int protection);
}
