using System.Text;
using TorchSharp;

namespace Ablation.Tests.Weights;

/// <summary>Writes small ONNX files: protobuf by hand, field by field (onnx.proto3).</summary>
internal sealed class OnnxWriter
{
    private readonly MemoryStream graph = new();

    /// <summary>Adds a node; attributes are lists of whole numbers.</summary>
    public OnnxWriter Node(string type, string name, string[] inputs, string output, params (string Name, long[] Values)[] attributes)
    {
        var node = new MemoryStream();
        foreach (var input in inputs) Text(node, 1, input);
        Text(node, 2, output);
        Text(node, 3, name);
        Text(node, 4, type);
        foreach (var (key, values) in attributes)
        {
            var attribute = new MemoryStream();
            Text(attribute, 1, key);
            foreach (var value in values) Number(attribute, 8, value);
            Number(attribute, 20, 7);
            Message(node, 5, attribute);
        }

        Message(graph, 1, node);
        return this;
    }

    public OnnxWriter Weight(string name, torch.Tensor values)
    {
        var tensor = new MemoryStream();
        foreach (var size in values.shape) Number(tensor, 1, size);
        Number(tensor, 2, values.dtype == torch.ScalarType.Int64 ? 7 : 1);
        Text(tensor, 8, name);
        Bytes(tensor, 9, values.contiguous().bytes);
        Message(graph, 5, tensor);
        return this;
    }

    public OnnxWriter Input(string name, params long?[] shape) => Value(11, name, shape);

    public OnnxWriter Output(string name, params long?[] shape) => Value(12, name, shape);

    public byte[] File(params (string Key, string Value)[] notes)
    {
        Text(graph, 2, "graph");
        var (model, opset) = (new MemoryStream(), new MemoryStream());
        Number(model, 1, 8);
        Number(opset, 2, 13);
        Message(model, 8, opset);
        Message(model, 7, graph);
        foreach (var (key, value) in notes)
        {
            var note = new MemoryStream();
            Text(note, 1, key);
            Text(note, 2, value);
            Message(model, 14, note);
        }

        return model.ToArray();
    }

    private OnnxWriter Value(int field, string name, long?[] shape)
    {
        var (sizes, tensor, type, value) = (new MemoryStream(), new MemoryStream(), new MemoryStream(), new MemoryStream());
        foreach (var size in shape)
        {
            var one = new MemoryStream();
            if (size is { } known) Number(one, 1, known);
            else Text(one, 2, "batch");
            Message(sizes, 1, one);
        }

        Number(tensor, 1, 1);
        Message(tensor, 2, sizes);
        Message(type, 1, tensor);
        Text(value, 1, name);
        Message(value, 2, type);
        Message(graph, field, value);
        return this;
    }

    private static void Number(MemoryStream to, int field, long value)
    {
        Varint(to, (ulong)field << 3);
        Varint(to, (ulong)value);
    }

    private static void Text(MemoryStream to, int field, string text) => Bytes(to, field, Encoding.UTF8.GetBytes(text));

    private static void Message(MemoryStream to, int field, MemoryStream message) => Bytes(to, field, message.ToArray());

    private static void Bytes(MemoryStream to, int field, ReadOnlySpan<byte> bytes)
    {
        Varint(to, (ulong)field << 3 | 2);
        Varint(to, (ulong)bytes.Length);
        to.Write(bytes);
    }

    private static void Varint(MemoryStream to, ulong value)
    {
        for (; value >= 0x80; value >>= 7) to.WriteByte((byte)(value | 0x80));
        to.WriteByte((byte)value);
    }
}
