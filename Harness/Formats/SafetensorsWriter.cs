using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Ablation.Harness.Formats;

/// <summary>
/// Writes a .safetensors file: eight bytes with the length of the head, a head in JSON, and the values of all tensors without gaps.
/// </summary>
/// <remarks>Source: the format's description in huggingface/safetensors. Wider values come first, so every tensor is aligned to its own
/// width; within a width the order is that of the caller.</remarks>
internal static class SafetensorsWriter
{
    private const int HeadAlignment = 8;

    /// <param name="facts">Text for the entry __metadata__; "format" is added, which loaders of PyTorch expect.</param>
    public static void Write(Stream file, IReadOnlyList<WrittenTensor> tensors, IEnumerable<KeyValuePair<string, string>> facts)
    {
        IReadOnlyList<WrittenTensor> ordered = [.. tensors.OrderByDescending(tensor => tensor.Width)];
        var head = Head(ordered, facts);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, head.Length);
        file.Write(length);
        file.Write(head);
        foreach (var tensor in ordered) tensor.WriteTo(file.Write);
    }

    private static byte[] Head(IReadOnlyList<WrittenTensor> tensors, IEnumerable<KeyValuePair<string, string>> facts)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            json.WriteString("format", "pt");
            foreach (var (key, value) in facts) json.WriteString(key, value);
            json.WriteEndObject();
            long offset = 0;
            foreach (var tensor in tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", tensor.Kind == WrittenKind.Int64 ? "I64" : "F32");
                json.WriteStartArray("shape");
                foreach (var size in tensor.Shape) json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += tensor.Bytes);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        while (bytes.Length % HeadAlignment != 0) bytes.WriteByte((byte)' ');
        return bytes.ToArray();
    }
}
