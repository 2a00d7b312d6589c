using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ablation.Harness.Native;
using TorchSharp;

namespace Ablation.Tests.Native;

/// <summary>
/// The statistics of a CUDA device's allocator. No device is needed: an allocator made up here has the virtual table of
/// c10::DeviceAllocator in libtorch 2.10 for Linux.
/// </summary>
public sealed unsafe class DeviceMemoryTests
{
    private const int Slots = 13; // the table of c10::DeviceAllocator in libc10.so 2.10.0 has as many
    private static readonly List<string> Calls = [];

    [Test]
    public void A_processor_has_no_such_allocator()
    {
        Assert.That(DeviceMemory.Read(torch.CPU), Is.Null);
        Assert.That(DeviceMemory.Problem(torch.CPU), Does.Contain("only CUDA"));
        DeviceMemory.ResetPeak(torch.CPU);
        DeviceMemory.EmptyCache(torch.CPU);
        if (!OperatingSystem.IsWindows())
            Assert.That(DeviceMemory.Allocator(kind: 0), Is.EqualTo((nint)0), "found, and not of the class with statistics");
    }

    [Test]
    public void Statistics_are_read_from_their_places()
    {
        if (OperatingSystem.IsWindows()) Assert.Ignore("there functions are called, and the order of the arguments is another");
        Calls.Clear();
        var table = stackalloc nint[Slots];
        for (var i = 0; i < Slots; i++) table[i] = (nint)(delegate* unmanaged[Cdecl]<nint, void>)&Other;
        table[7] = (nint)(delegate* unmanaged[Cdecl]<nint, ulong, ulong, void>)&EmptyCache;
        table[9] = (nint)(delegate* unmanaged[Cdecl]<byte*, nint, sbyte, byte*>)&Statistics;
        table[11] = (nint)(delegate* unmanaged[Cdecl]<nint, sbyte, void>)&ResetPeak;
        var allocator = stackalloc nint*[1];
        allocator[0] = table;

        Assert.That(DeviceMemory.Read((nint)allocator, 3), Is.EqualTo(new DeviceMemory(384, 392, 480, 488)));
        DeviceMemory.ResetPeak((nint)allocator, 3);
        DeviceMemory.EmptyCache((nint)allocator);
        Assert.That(Calls, Is.EqualTo(new[] { "statistics 3", "reset 3", "empty 0 0" }));
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Other(nint self) => Calls.Add("another method");

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void EmptyCache(nint self, ulong first, ulong second) => Calls.Add($"empty {first} {second}");

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void ResetPeak(nint self, sbyte index) => Calls.Add($"reset {index}");

    /// <summary>Fills the result with the places of its numbers.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte* Statistics(byte* result, nint self, sbyte index)
    {
        Calls.Add($"statistics {index}");
        for (var at = 0; at < 976; at += sizeof(long)) *(long*)(result + at) = at;
        return result;
    }
}
