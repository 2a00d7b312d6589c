using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Ablation.Harness.Formats;

/// <summary>Writes records of a RecordIO file one after another, and their index.</summary>
/// <remarks><see cref="RecordIoFile"/> says how a record is made up, <see cref="RecordHead"/> how its payload begins.</remarks>
internal sealed class RecordIoOutput(Stream file)
{
    private const uint Magic = 0xced7230a;
    private const int LongestPart = (1 << 29) - 1;
    private readonly StringBuilder index = new();
    private long position;

    /// <summary>The lines "key, tab, offset" of what was written.</summary>
    public string Index => index.ToString();

    /// <param name="labels">One label stands in the head, several follow it.</param>
    /// <exception cref="ArgumentException">The record is longer than the format allows.</exception>
    public void Write(int key, ReadOnlySpan<float> labels, ReadOnlySpan<byte> image)
    {
        var several = labels.Length == 1 ? 0 : labels.Length;
        var payload = new byte[24 + 4 * several + image.Length];
        BinaryPrimitives.WriteInt32LittleEndian(payload, several);
        BinaryPrimitives.WriteSingleLittleEndian(payload.AsSpan(4), several == 0 ? labels[0] : 0);
        BinaryPrimitives.WriteInt64LittleEndian(payload.AsSpan(8), key);
        for (var i = 0; i < several; i++) BinaryPrimitives.WriteSingleLittleEndian(payload.AsSpan(24 + 4 * i), labels[i]);
        image.CopyTo(payload.AsSpan(24 + 4 * several));
        if (payload.Length > LongestPart) throw new ArgumentException($"record {key}: {payload.Length} bytes; {LongestPart} are the most");

        index.Append(CultureInfo.InvariantCulture, $"{key}\t{position}\n");
        var begin = 0;
        for (var at = 0; at + 4 <= payload.Length; at += 4)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(payload.AsSpan(at)) != Magic) continue;
            Part(begin == 0 ? 1u : 2u, payload.AsSpan(begin, at - begin)); // the reader puts the magic back
            begin = at + 4;
        }

        Part(begin == 0 ? 0u : 3u, payload.AsSpan(begin));
    }

    private void Part(uint flag, ReadOnlySpan<byte> bytes)
    {
        Span<byte> head = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(head, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(head[4..], (flag << 29) | (uint)bytes.Length);
        file.Write(head);
        file.Write(bytes);
        ReadOnlySpan<byte> padding = stackalloc byte[4] { 0, 0, 0, 0 };
        var over = (4 - (bytes.Length % 4)) % 4;
        file.Write(padding[..over]);
        position += 8 + bytes.Length + over;
    }
}
