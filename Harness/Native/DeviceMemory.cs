using System.Runtime.InteropServices;
using Ablation.Losses.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Ablation.Harness.Native;

/// <summary>A CUDA device's memory as libtorch's caching allocator counts it in this process, bytes.</summary>
/// <param name="Allocated">Held by tensors.</param>
/// <param name="PeakAllocated">The most that tensors have held since the start or the last <see cref="ResetPeak(Device)"/>.</param>
/// <param name="Reserved">Taken from the device, cached blocks included.</param>
/// <param name="PeakReserved">The most that was taken.</param>
/// <remarks>
/// TorchSharp does not offer it. On Windows torch_cpu exports functions for it; their names are from the export table of 2.10.0. Elsewhere
/// they are inline, so the device's allocator is asked through its virtual table: c10::DeviceAllocator of libtorch 2.10, whose slots were
/// read from the code of the Windows library and whose number of slots is that of the table in libc10.so. The packages for CUDA were not at
/// hand.
/// </remarks>
public readonly unsafe record struct DeviceMemory(long Allocated, long PeakAllocated, long Reserved, long PeakReserved)
{
    private const ulong Version = 2UL << 56 | 10UL << 48; // of the virtual table
    private const int EmptyCacheSlot = 7, StatisticsSlot = 9, ResetPeakSlot = 11; // two destructors come first, as in Itanium's ABI
    private const int StatisticsBytes = 976; // c10::CachingDeviceAllocator::DeviceStats
    private const int AllocatedAt = 384, ReservedAt = 480; // its allocated_bytes and reserved_bytes, of all pools: current, peak, ...
    private const byte Cuda = 1; // c10::DeviceType

    /// <summary>Returns the memory of a device; null if it is no CUDA device, or this libtorch does not report it.</summary>
    public static DeviceMemory? Read(Device device) => Problem(device) is null ? Counted(device) : null;

    /// <summary>Makes the memory held now the peak. Does nothing where <see cref="Problem"/> has a reason.</summary>
    public static void ResetPeak(Device device)
    {
        if (Problem(device) is not null) return;
        if (OperatingSystem.IsWindows())
            ((delegate* unmanaged[Cdecl]<sbyte, void>)Export("?resetPeakStats@accelerator@at@@YAXC@Z"))(Index(device));
        else ResetPeak(Allocator(), Index(device));
    }

    /// <summary>Returns cached blocks to the device. Does nothing where <see cref="Problem"/> has a reason.</summary>
    public static void EmptyCache(Device device)
    {
        if (Problem(device) is not null) return;
        if (OperatingSystem.IsWindows()) ((delegate* unmanaged[Cdecl]<void>)Export("?emptyCache@accelerator@at@@YAXXZ"))();
        else EmptyCache(Allocator());
    }

    /// <summary>Returns why the memory of a device cannot be read; null if it can.</summary>
    public static string? Problem(Device device)
    {
        if (device.type != DeviceType.CUDA) return "only CUDA devices have a caching allocator";
        zeros(1, device: device).Dispose(); // an allocator that has not been used refuses, and its refusal would end the process
        if (OperatingSystem.IsWindows())
            return Names.All(name => TorchExport.TryFind("", name) is not null)
                ? null : "this libtorch does not export the statistics of its allocator";
        if (LibtorchBuild.AbiVersion() is not { } version || version >> 48 != Version >> 48)
            return "the layout of the allocator is known for libtorch 2.10 only";
        return Allocator() == 0 ? "this libtorch's allocator for CUDA has no statistics" : null;
    }

    private static readonly string[] Names = ["?getDeviceStats@accelerator@at@@YA?AUDeviceStats@CachingDeviceAllocator@c10@@C@Z",
        "?resetPeakStats@accelerator@at@@YAXC@Z", "?emptyCache@accelerator@at@@YAXXZ"];

    private static DeviceMemory Counted(Device device)
    {
        if (!OperatingSystem.IsWindows()) return Read(Allocator(), Index(device));
        var bytes = stackalloc byte[StatisticsBytes];
        ((delegate* unmanaged[Cdecl]<byte*, sbyte, byte*>)Export(Names[0]))(bytes, Index(device));
        return From(bytes);
    }

    /// <summary>Reads the statistics of an allocator through its virtual table.</summary>
    internal static DeviceMemory Read(nint allocator, sbyte index)
    {
        var bytes = stackalloc byte[StatisticsBytes];
        ((delegate* unmanaged[Cdecl]<byte*, nint, sbyte, byte*>)Slot(allocator, StatisticsSlot))(bytes, allocator, index);
        return From(bytes);
    }

    internal static void ResetPeak(nint allocator, sbyte index) =>
        ((delegate* unmanaged[Cdecl]<nint, sbyte, void>)Slot(allocator, ResetPeakSlot))(allocator, index);

    /// <summary>A pool is two numbers; that of all ordinary tensors is 0, 0.</summary>
    internal static void EmptyCache(nint allocator) =>
        ((delegate* unmanaged[Cdecl]<nint, ulong, ulong, void>)Slot(allocator, EmptyCacheSlot))(allocator, 0, 0);

    /// <summary>Returns the allocator of a kind of device; 0 if it has none, or one without statistics.</summary>
    /// <param name="kind">c10::DeviceType: CPU 0, CUDA 1.</param>
    internal static nint Allocator(byte kind = Cuda)
    {
        if (TorchExport.TryFind("_ZN3c1012GetAllocatorERKNS_10DeviceTypeE", "", TorchExport.C10) is not { } get
            || TorchExport.TryFind("_ZTIN3c109AllocatorE", "", TorchExport.C10) is not { } from
            || TorchExport.TryFind("_ZTIN3c1015DeviceAllocatorE", "", TorchExport.C10) is not { } to
            || !NativeLibrary.TryLoad(OperatingSystem.IsMacOS() ? "libc++abi.dylib" : "libstdc++.so.6", out var runtime)
            || !NativeLibrary.TryGetExport(runtime, "__dynamic_cast", out var cast)) return 0;
        var allocator = ((delegate* unmanaged[Cdecl]<byte*, nint>)get)(&kind);
        return allocator == 0 ? 0 : ((delegate* unmanaged[Cdecl]<nint, nint, nint, nint, nint>)cast)(allocator, from, to, -1);
    }

    private static DeviceMemory From(byte* statistics)
    {
        var allocated = (long*)(statistics + AllocatedAt);
        var reserved = (long*)(statistics + ReservedAt);
        return new DeviceMemory(allocated[0], allocated[1], reserved[0], reserved[1]);
    }

    private static nint Slot(nint target, int number) => (*(nint**)target)[number];

    private static nint Export(string microsoft) => TorchExport.Find("", microsoft, "memory of the device is not measured");

    private static sbyte Index(Device device) => (sbyte)Math.Max(0, device.index);
}
