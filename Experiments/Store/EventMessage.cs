using System.Buffers.Binary;
using System.Text;

namespace Ablation.Experiments.Store;

/// <summary>Encodes the messages of tensorflow.Event that a curve needs, as protocol buffers.</summary>
internal static class EventMessage
{
    // field numbers of event.proto and summary.proto
    private const int WallTime = 1, Step = 2, FileVersion = 3, SummaryField = 5, SessionLog = 7, SessionStatus = 1, SummaryValue = 1,
        Tag = 1, SimpleValue = 2;
    private const int Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5;
    private const byte Started = 1;

    /// <summary>Returns the first message of every file.</summary>
    public static byte[] Version(DateTimeOffset now) =>
        [.. Head(now, null), .. Field(FileVersion, Encoding.UTF8.GetBytes("brain.Event:2"))];

    /// <summary>Returns a message that makes points of other files from <paramref name="step"/> on invalid.</summary>
    public static byte[] SessionStart(DateTimeOffset now, long step) =>
        [.. Head(now, step), .. Field(SessionLog, [.. Key(SessionStatus, Varint), Started])];

    public static byte[] Scalars(DateTimeOffset now, long step, IEnumerable<(string Tag, double Value)> scalars) =>
        [.. Head(now, step),
            .. Field(SummaryField,
                [.. scalars.SelectMany(scalar =>
                    Field(SummaryValue, [.. Field(Tag, Encoding.UTF8.GetBytes(scalar.Tag)), .. Single((float)scalar.Value)]))])];

    private static byte[] Head(DateTimeOffset now, long? step)
    {
        var time = new byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(time, (now - DateTimeOffset.UnixEpoch).TotalSeconds);
        return [.. Key(WallTime, Fixed64), .. time, .. step is { } at ? [.. Key(Step, Varint), .. Number((ulong)at)] : Array.Empty<byte>()];
    }

    private static byte[] Single(float value)
    {
        var bytes = new byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        return [.. Key(SimpleValue, Fixed32), .. bytes];
    }

    private static byte[] Field(int field, byte[] content) => [.. Key(field, Bytes), .. Number((ulong)content.Length), .. content];

    private static byte[] Key(int field, int wire) => Number((ulong)(field << 3 | wire));

    /// <summary>Encodes a number as a varint: seven bits per byte, lowest first.</summary>
    private static byte[] Number(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7) bytes.Add((byte)(value | 0x80));
        return [.. bytes, (byte)value];
    }
}
