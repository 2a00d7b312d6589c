using System.Buffers.Binary;
using System.Text;

namespace Ablation.Harness.Formats;

/// <summary>
/// Writes a state dict as torch.save does since PyTorch 1.6: a ZIP file with a pickle of protocol 2 and one entry per tensor.
/// <c>torch.load(path, weights_only=True)</c> reads it.
/// </summary>
/// <remarks>Source: torch/serialization.py (persistent ids, entries), torch/_utils.py (_rebuild_tensor_v2), pickletools of Python.
/// </remarks>
internal static class TorchSaveWriter
{
    private const string Root = "archive";
    private const byte Protocol = 0x80, Global = (byte)'c', EmptyTuple = (byte)')', Reduce = (byte)'R', Mark = (byte)'(', Tuple = (byte)'t',
        Text = (byte)'X', Int1 = (byte)'K', Int2 = (byte)'M', Int4 = (byte)'J', Long1 = 0x8A, PersistentId = (byte)'Q', False = 0x89,
        SetItems = (byte)'u', Stop = (byte)'.';

    /// <param name="file">Must be seekable.</param>
    /// <exception cref="InvalidDataException">The file would exceed 4 GiB.</exception>
    public static void Write(Stream file, IReadOnlyList<WrittenTensor> tensors)
    {
        var zip = new StoredZipWriter(file);
        var pickle = Pickle(tensors);
        zip.Add($"{Root}/data.pkl", put => put(pickle));
        zip.Add($"{Root}/byteorder", put => put("little"u8));
        for (var i = 0; i < tensors.Count; i++) zip.Add($"{Root}/data/{i}", tensors[i].WriteTo);
        zip.Add($"{Root}/version", put => put("3\n"u8));
        zip.Close();
    }

    /// <summary>OrderedDict of name and _rebuild_tensor_v2(storage, offset, shape, strides, requires_grad, hooks).</summary>
    private static byte[] Pickle(IReadOnlyList<WrittenTensor> tensors)
    {
        using var bytes = new MemoryStream();
        Put(Protocol, 2);
        EmptyDict();
        Put(Mark);
        for (var i = 0; i < tensors.Count; i++)
        {
            var tensor = tensors[i];
            String(tensor.Name);
            Class("torch._utils", "_rebuild_tensor_v2");
            Put(Mark, Mark);
            String("storage");
            Class("torch", tensor.Kind == WrittenKind.Int64 ? "LongStorage" : "FloatStorage");
            String($"{i}");
            String("cpu");
            Integer(tensor.Count);
            Put(Tuple, PersistentId);
            Integer(0);
            Integers(tensor.Shape);
            Integers(Strides(tensor.Shape));
            Put(False);
            EmptyDict();
            Put(Tuple, Reduce);
        }

        Put(SetItems, Stop);
        return bytes.ToArray();

        void Put(params ReadOnlySpan<byte> values) => bytes.Write(values);

        void EmptyDict()
        {
            Class("collections", "OrderedDict");
            Put(EmptyTuple, Reduce);
        }

        void Class(string module, string name)
        {
            Put(Global);
            bytes.Write(Encoding.ASCII.GetBytes($"{module}\n{name}\n"));
        }

        void String(string text)
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
            Put(Text);
            Span<byte> length = stackalloc byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(length, utf8.Length);
            bytes.Write(length);
            bytes.Write(utf8);
        }

        void Integers(IReadOnlyList<long> values)
        {
            Put(Mark);
            foreach (var value in values) Integer(value);
            Put(Tuple);
        }

        void Integer(long value)
        {
            Span<byte> all = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(all, value);
            if (value <= byte.MaxValue) Put(Int1, all[0]);
            else if (value <= ushort.MaxValue) Put(Int2, all[0], all[1]);
            else if (value <= int.MaxValue) Put([Int4, .. all[..4]]);
            else Put([Long1, 8, .. all]);
        }
    }

    private static long[] Strides(IReadOnlyList<long> shape)
    {
        var strides = new long[shape.Count];
        long next = 1;
        for (var i = shape.Count - 1; i >= 0; i--)
        {
            strides[i] = next;
            next *= shape[i];
        }

        return strides;
    }
}
