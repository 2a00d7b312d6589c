using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Ablation.Tests.Native.Recording;

/// <summary>
/// Records every operation that libtorch dispatches in this process, on any thread, those within others and those of the backward pass too,
/// through the callbacks that its profiler uses (ATen/record_function.h). The layout of its structures is that of libtorch 2.10 on Linux
/// x64, and is checked.
/// </summary>
internal sealed unsafe class OperationRecorder : IDisposable
{
    /// <summary>Where it works; put it on each test.</summary>
    public const string Systems = "Linux";

    // offsets in at::RecordFunction: of the inputs, an array of IValue and its length, and of the outputs, a vector
    private const int Inputs = 208, InputCount = 216, Outputs = 280, OutputsEnd = 288;
    private const int ValueBytes = 16, TensorTag = 1; // c10::IValue: 8 bytes, here a pointer to the tensor, then a tag

    private static readonly Exports Native = new();
    private static OperationRecorder? current;
    [ThreadStatic] private static Stack<Open>? running;

    private readonly List<RecordedOperation> operations = [];
    private readonly ulong handle;
    private string? fault;

    public OperationRecorder()
    {
        if (Interlocked.CompareExchange(ref current, this, null) is not null)
            throw new InvalidOperationException("operations are already being recorded");
        handle = ((delegate* unmanaged[Cdecl]<Callback, ulong>)Native.Add)(new Callback
        {
            Start = (nint)(delegate* unmanaged[Cdecl]<nint, nint, nint>)&Started,
            End = (nint)(delegate* unmanaged[Cdecl]<nint, nint, void>)&Ended,
            Probability = 1,
            Functions = 1,
            NeedsInputs = 1,
            NeedsOutputs = 1,
        });
    }

    /// <summary>Those that no other operation called, in the order of their ends.</summary>
    public IReadOnlyList<RecordedOperation> Operations
    {
        get
        {
            lock (operations) return fault is null ? [.. operations] : throw new InvalidOperationException(fault);
        }
    }

    public void Clear()
    {
        lock (operations) operations.Clear();
    }

    public void Dispose()
    {
        if (Interlocked.CompareExchange(ref current, null, this) != this) return;
        ((delegate* unmanaged[Cdecl]<ulong, void>)Native.Remove)(handle);
    }

    /// <summary>Called by libtorch; returns its first argument, where it wants a pointer that is nothing here.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Started(nint result, nint function)
    {
        *(nint*)result = 0;
        try
        {
            running ??= new();
            running.Push(new Open(Tensors(*(nint*)(function + Inputs), *(long*)(function + InputCount)), []));
        }
        catch (Exception e)
        {
            Fail(e);
        }

        return result;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Ended(nint function, nint context)
    {
        try
        {
            var open = running!.Pop();
            var name = Marshal.PtrToStringUTF8(((delegate* unmanaged[Cdecl]<nint, nint>)Native.Name)(function))!;
            var (first, end) = (*(nint*)(function + Outputs), *(nint*)(function + OutputsEnd));
            var one = new RecordedOperation(name, open.Taken, Tensors(first, (end - first) / ValueBytes), open.Inner);
            if (running.TryPeek(out var outer)) outer.Inner.Add(one);
            else if (current is { } recorder) recorder.Add(one);
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    private static void Fail(Exception e) => current?.fault ??= e.ToString(); // an exception must not reach libtorch

    private static List<RecordedTensor> Tensors(nint values, long count)
    {
        if (count is < 0 or > 1000) throw new InvalidOperationException($"{count} arguments: the layout of this libtorch is another");
        var found = new List<RecordedTensor>();
        for (var at = values; count-- > 0; at += ValueBytes)
        {
            // the address of a pointer to the tensor is what TorchSharp's native functions take for a handle
            if (*(uint*)(at + sizeof(nint)) == TensorTag && *(nint*)at != Native.Undefined) found.Add(Native.Describe(at));
        }

        return found;
    }

    private void Add(RecordedOperation one)
    {
        lock (operations) operations.Add(one);
    }

    private sealed record Open(List<RecordedTensor> Taken, List<RecordedOperation> Inner);

    /// <summary>at::RecordFunctionCallback.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Callback
    {
        public nint Start, End;
        public double Probability;
        public byte Functions;     // the first of ten scopes; the others are off
        private fixed byte others[9];
        public byte NeedsInputs, NeedsOutputs;
        private readonly byte needsIds;
    }

    private sealed class Exports
    {
        private readonly nint values, dimensions, type, device;

        public Exports()
        {
            var folder = AppContext.BaseDirectory;
            var torch = NativeLibrary.Load(Path.Combine(folder, "libtorch_cpu.so"));
            Add = NativeLibrary.GetExport(torch, "_ZN2at17addGlobalCallbackENS_22RecordFunctionCallbackE");
            Remove = NativeLibrary.GetExport(torch, "_ZN2at14removeCallbackEm");
            Name = NativeLibrary.GetExport(torch, "_ZNK2at14RecordFunction4nameEv");
            Undefined = NativeLibrary.GetExport(NativeLibrary.Load(Path.Combine(folder, "libc10.so")),
                "_ZN3c1019UndefinedTensorImpl10_singletonE");
            var sharp = SharpLibrary();
            values = NativeLibrary.GetExport(sharp, "THSTensor_numel");
            dimensions = NativeLibrary.GetExport(sharp, "THSTensor_ndimension");
            type = NativeLibrary.GetExport(sharp, "THSTensor_type");
            device = NativeLibrary.GetExport(sharp, "THSTensor_device_type");
        }

        public nint Add { get; }

        public nint Remove { get; }

        public nint Name { get; }

        /// <summary>The address of the tensor that stands for none.</summary>
        public nint Undefined { get; }

        public RecordedTensor Describe(nint tensor) => new(
            (DeviceType)((delegate* unmanaged[Cdecl]<nint, int>)device)(tensor),
            (ScalarType)((delegate* unmanaged[Cdecl]<nint, sbyte>)type)(tensor),
            ((delegate* unmanaged[Cdecl]<nint, long>)values)(tensor), ((delegate* unmanaged[Cdecl]<nint, long>)dimensions)(tensor) == 0);

        /// <summary>The library that TorchSharp has loaded: on an old system a mended copy in another folder.</summary>
        private static nint SharpLibrary()
        {
            using var loaded = zeros(1);
            var path = File.ReadLines("/proc/self/maps").First(line => line.Contains("LibTorchSharp", StringComparison.Ordinal));
            return NativeLibrary.Load(path[path.IndexOf('/')..]);
        }
    }
}
