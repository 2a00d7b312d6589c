using System.Text;
using TorchSharp;

namespace Ablation.Tests.Weights;

/// <summary>Writes files of torch.save, opcode by opcode, as Python does with protocol 2.</summary>
internal sealed class TorchWriter
{
    private readonly MemoryStream pickle = new();
    private readonly List<byte[]> storages = [];

    public TorchWriter() => Op(0x80, 2);

    public byte[] Pickle => pickle.ToArray();

    public IReadOnlyList<byte[]> Storages => storages;

    public TorchWriter Op(params ReadOnlySpan<byte> bytes)
    {
        pickle.Write(bytes);
        return this;
    }

    public TorchWriter Op(string latin1) => Op(Encoding.Latin1.GetBytes(latin1));

    public TorchWriter Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Op("X").Op(BitConverter.GetBytes(bytes.Length)).Op(bytes);
    }

    public TorchWriter Number(long value) => value is >= 0 and < 256 ? Op((byte)'K', (byte)value)
        : value is >= int.MinValue and <= int.MaxValue ? Op("J").Op(BitConverter.GetBytes((int)value))
        : Op(0x8a, 8).Op(BitConverter.GetBytes(value));

    /// <summary>Begins an OrderedDict; its items follow.</summary>
    public TorchWriter Map() => Op("ccollections\nOrderedDict\n)R(");

    /// <summary>Ends the items of a dictionary.</summary>
    public TorchWriter EndMap() => Op("u");

    /// <summary>Writes the _metadata that a state dict carries.</summary>
    public TorchWriter Metadata() => Op("}").Text("_metadata").Map().EndMap().Op("sb");

    /// <summary>Writes a dense tensor with a storage of its own.</summary>
    public TorchWriter Tensor(torch.Tensor tensor)
    {
        using var values = tensor.detach().contiguous();
        var type = tensor.dtype switch
        {
            torch.ScalarType.Float32 => "FloatStorage",
            torch.ScalarType.Float64 => "DoubleStorage",
            torch.ScalarType.Float16 => "HalfStorage",
            torch.ScalarType.BFloat16 => "BFloat16Storage",
            torch.ScalarType.Int64 => "LongStorage",
            torch.ScalarType.Int32 => "IntStorage",
            torch.ScalarType.Int16 => "ShortStorage",
            torch.ScalarType.Int8 => "CharStorage",
            torch.ScalarType.Byte => "ByteStorage",
            _ => "BoolStorage",
        };
        var strides = new long[values.shape.Length];
        for (var (i, step) = (strides.Length - 1, 1L); i >= 0; step *= values.shape[i--]) strides[i] = step;
        return View(type, Store(values.bytes.ToArray()), values.numel(), 0, values.shape, strides);
    }

    /// <summary>Adds a storage, and returns its number.</summary>
    public int Store(byte[] bytes)
    {
        storages.Add(bytes);
        return storages.Count - 1;
    }

    /// <summary>Writes a tensor over a storage.</summary>
    public TorchWriter View(string type, int storage, long elements, long offset, long[] shape, long[] strides)
    {
        Op("ctorch._utils\n_rebuild_tensor_v2\n((").Text("storage").Op($"ctorch\n{type}\n").Text($"{storage}").Text("cpu");
        Number(elements).Op("tQ");
        Number(offset).Op("(");
        foreach (var size in shape) Number(size);
        Op("t(");
        foreach (var stride in strides) Number(stride);
        return Op("t\u0089").Map().EndMap().Op("tR");
    }

    /// <summary>Writes the archive.</summary>
    public byte[] File(bool wide = false)
    {
        var bytes = new MemoryStream();
        var zip = new ZipWriter(bytes).Add("archive/data.pkl", pickle.ToArray()).Add("archive/byteorder", "little"u8);
        for (var i = 0; i < storages.Count; i++) zip.Add($"archive/data/{i}", storages[i]);
        zip.Add("archive/version", "3\n"u8).End(wide: wide);
        return bytes.ToArray();
    }

    /// <summary>Returns the file of a state dict.</summary>
    public static byte[] StateDict(IEnumerable<KeyValuePair<string, torch.Tensor>> tensors)
    {
        var writer = new TorchWriter().Map();
        foreach (var (name, tensor) in tensors) writer.Text(name).Tensor(tensor);
        return writer.EndMap().Metadata().Op(".").File();
    }
}
