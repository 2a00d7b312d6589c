using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Ablation.Tests.Weights;

/// <summary>Writes a ZIP as torch.save does, entry by entry; single fields can be falsified.</summary>
internal sealed class ZipWriter(Stream file)
{
    private readonly List<(string Name, uint Crc, uint Packed, uint Size, uint At, ushort Method, ushort Flags)> entries = [];

    /// <summary>Adds an entry whose bytes begin at a multiple of 64, as PyTorch's do.</summary>
    public ZipWriter Add(string name, ReadOnlySpan<byte> bytes, ushort method = 0, uint? size = null, uint? at = null, ushort flags = 0,
        uint? crc = null)
    {
        var begin = file.Position;
        var title = Encoding.UTF8.GetBytes(name);
        var pad = (int)((64 - (begin + 30 + title.Length + 4) % 64) % 64) + 4;
        var sum = crc ?? Crc32.HashToUInt32(bytes);
        Span<byte> head = stackalloc byte[30];
        head.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(head, 0x04034b50);
        BinaryPrimitives.WriteUInt16LittleEndian(head[8..], method);
        BinaryPrimitives.WriteUInt32LittleEndian(head[14..], sum);
        BinaryPrimitives.WriteUInt32LittleEndian(head[18..], (uint)bytes.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[22..], (uint)bytes.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(head[26..], (ushort)title.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(head[28..], (ushort)pad);
        file.Write(head);
        file.Write(title);
        var extra = new byte[pad];
        extra[0] = (byte)'F';
        extra[1] = (byte)'B';
        BinaryPrimitives.WriteUInt16LittleEndian(extra.AsSpan(2), (ushort)(pad - 4));
        file.Write(extra);
        file.Write(bytes);
        entries.Add((name, sum, (uint)bytes.Length, size ?? (uint)bytes.Length, at ?? (uint)begin, method, flags));
        return this;
    }

    /// <summary>Writes the directory and the end.</summary>
    /// <param name="wide">Writes the 64-bit records too, and fills the 32-bit fields of the end.</param>
    public void End(ushort? count = null, bool wide = false)
    {
        var begin = file.Position;
        foreach (var entry in entries)
        {
            var title = Encoding.UTF8.GetBytes(entry.Name);
            var bytes = new byte[46];
            var head = bytes.AsSpan();
            BinaryPrimitives.WriteUInt32LittleEndian(head, 0x02014b50);
            BinaryPrimitives.WriteUInt16LittleEndian(head[8..], entry.Flags);
            BinaryPrimitives.WriteUInt16LittleEndian(head[10..], entry.Method);
            BinaryPrimitives.WriteUInt32LittleEndian(head[16..], entry.Crc);
            BinaryPrimitives.WriteUInt32LittleEndian(head[20..], entry.Packed);
            BinaryPrimitives.WriteUInt32LittleEndian(head[24..], wide ? uint.MaxValue : entry.Size);
            BinaryPrimitives.WriteUInt16LittleEndian(head[28..], (ushort)title.Length);
            BinaryPrimitives.WriteUInt16LittleEndian(head[30..], wide ? (ushort)12 : (ushort)0);
            BinaryPrimitives.WriteUInt32LittleEndian(head[42..], entry.At);
            file.Write(head);
            file.Write(title);
            if (!wide) continue;
            file.Write([1, 0, 8, 0]);
            file.Write(BitConverter.GetBytes((ulong)entry.Size));
        }

        var (size, at) = (file.Position - begin, begin);
        var number = count ?? (ushort)entries.Count;
        if (wide)
        {
            var record = file.Position;
            var last = new byte[76];
            BinaryPrimitives.WriteUInt32LittleEndian(last, 0x06064b50);
            BinaryPrimitives.WriteInt64LittleEndian(last.AsSpan(4), 44);
            BinaryPrimitives.WriteInt64LittleEndian(last.AsSpan(24), number);
            BinaryPrimitives.WriteInt64LittleEndian(last.AsSpan(32), number);
            BinaryPrimitives.WriteInt64LittleEndian(last.AsSpan(40), size);
            BinaryPrimitives.WriteInt64LittleEndian(last.AsSpan(48), at);
            BinaryPrimitives.WriteUInt32LittleEndian(last.AsSpan(56), 0x07064b50);
            BinaryPrimitives.WriteInt64LittleEndian(last.AsSpan(64), record);
            BinaryPrimitives.WriteInt32LittleEndian(last.AsSpan(72), 1);
            file.Write(last);
        }

        Span<byte> end = stackalloc byte[22];
        end.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(end, 0x06054b50);
        BinaryPrimitives.WriteUInt16LittleEndian(end[8..], number);
        BinaryPrimitives.WriteUInt16LittleEndian(end[10..], number);
        BinaryPrimitives.WriteUInt32LittleEndian(end[12..], wide ? uint.MaxValue : (uint)size);
        BinaryPrimitives.WriteUInt32LittleEndian(end[16..], wide ? uint.MaxValue : (uint)at);
        file.Write(end);
    }
}
