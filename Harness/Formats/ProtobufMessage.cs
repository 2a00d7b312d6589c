using System.Buffers.Binary;
using System.Text;

namespace Ablation.Harness.Formats;

/// <summary>
/// A message in the wire format of Protocol Buffers, written field by field. Large contents are passed on when the message is written, so a
/// model is never held as a whole.
/// </summary>
/// <remarks>Source: protobuf.dev, "Encoding". Only what writing needs: varints, 32-bit values and contents with a length.</remarks>
public sealed class ProtobufMessage
{
    private const int Varint = 0, WithLength = 2, Fixed32 = 5;
    private readonly List<Action<ByteSink>> parts = [];

    /// <summary>Bytes of all fields so far.</summary>
    public long Size { get; private set; }

    /// <summary>Adds an integer or an enum value.</summary>
    public ProtobufMessage Add(int field, long value) => Add(Bytes(Key(field, Varint), (ulong)value));

    public ProtobufMessage Add(int field, float value)
    {
        var bytes = new byte[5]; // the key of a field up to 15 has one byte
        if (field > 15) throw new ArgumentOutOfRangeException(nameof(field), field, "a field with a 32-bit value has a number up to 15");
        bytes[0] = (byte)Key(field, Fixed32);
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(1), value);
        return Add(bytes);
    }

    public ProtobufMessage Add(int field, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Add(field, bytes.Length, put => put(bytes));
    }

    /// <summary>Adds a message, which must be complete: its length stands before it.</summary>
    public ProtobufMessage Add(int field, ProtobufMessage inner) => Add(field, inner.Size, inner.WriteTo);

    /// <summary>Adds a content of a known length.</summary>
    /// <param name="write">Passes exactly <paramref name="length"/> bytes on; called when the message is written.</param>
    public ProtobufMessage Add(int field, long length, Action<ByteSink> write)
    {
        Add(Bytes(Key(field, WithLength), (ulong)length));
        parts.Add(write);
        Size += length;
        return this;
    }

    public void WriteTo(ByteSink put)
    {
        foreach (var part in parts) part(put);
    }

    private static ulong Key(int field, int type) => (ulong)field << 3 | (uint)type;

    private ProtobufMessage Add(byte[] bytes)
    {
        parts.Add(put => put(bytes));
        Size += bytes.Length;
        return this;
    }

    /// <summary>Seven bits per byte, the lowest first; the highest bit of a byte says that another follows.</summary>
    private static byte[] Bytes(params ReadOnlySpan<ulong> values)
    {
        var bytes = new List<byte>();
        foreach (var value in values)
        {
            var rest = value;
            for (; rest > 0x7F; rest >>= 7) bytes.Add((byte)(rest | 0x80));
            bytes.Add((byte)rest);
        }

        return [.. bytes];
    }
}
