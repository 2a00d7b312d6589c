using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Ablation.Harness.Formats;

/// <summary>
/// Writes a ZIP file whose entries are not compressed and whose contents begin at multiples of <see cref="Alignment"/>, as torch.save does:
/// a reader may then map tensors from the file. .NET's own writer cannot align.
/// </summary>
/// <remarks>Source: PKWARE, APPNOTE.TXT 6.3; the padding is an extra field "FB", as in PyTorch's caffe2/serialize/inline_container.cc.
/// </remarks>
internal sealed class StoredZipWriter(Stream file)
{
    public const int Alignment = 64;
    private const int LocalSize = 30, CentralSize = 46, EndSize = 22;
    private const ushort Utf8Names = 0x0800, FirstDay = 1 << 5 | 1; // 1 January 1980: the bytes depend on the content alone
    private readonly List<(byte[] Name, uint Crc, uint Size, uint Offset)> entries = [];

    /// <exception cref="InvalidDataException">The file would exceed the 4 GiB that a plain ZIP file can hold.</exception>
    public void Add(string name, Action<ByteSink> write)
    {
        var nameBytes = Encoding.UTF8.GetBytes(name);
        var offset = Small(file.Position);
        var head = new byte[LocalSize + nameBytes.Length + Padding(file.Position + LocalSize + nameBytes.Length)];
        file.Write(head); // its checksum is known after the content
        var start = file.Position;
        var crc = new Crc32();
        write(bytes =>
        {
            Small(file.Position + bytes.Length);
            crc.Append(bytes);
            file.Write(bytes);
        });
        var end = file.Position;
        var entry = (nameBytes, crc.GetCurrentHashAsUInt32(), Small(end - start), offset);
        FillLocal(head, entry);
        file.Position = offset;
        file.Write(head);
        file.Position = end;
        entries.Add(entry);
    }

    /// <summary>Writes the directory, without which the file cannot be read.</summary>
    public void Close()
    {
        var start = Small(file.Position);
        foreach (var entry in entries)
        {
            var head = new byte[CentralSize];
            BinaryPrimitives.WriteUInt32LittleEndian(head, 0x02014B50);
            BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(4), 20); // made by version 2.0
            Common(head.AsSpan(6), entry);
            BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(42), entry.Offset);
            file.Write(head);
            file.Write(entry.Name);
        }

        var end = new byte[EndSize];
        BinaryPrimitives.WriteUInt32LittleEndian(end, 0x06054B50);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(8), checked((ushort)entries.Count));
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(10), checked((ushort)entries.Count));
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(12), Small(file.Position - start));
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(16), start);
        file.Write(end);
    }

    private static void FillLocal(byte[] head, (byte[] Name, uint Crc, uint Size, uint Offset) entry)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(head, 0x04034B50);
        Common(head.AsSpan(4), entry);
        entry.Name.CopyTo(head, LocalSize);
        var extra = head.AsSpan(LocalSize + entry.Name.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(28), (ushort)extra.Length);
        "FB"u8.CopyTo(extra);
        BinaryPrimitives.WriteUInt16LittleEndian(extra[2..], (ushort)(extra.Length - 4));
        extra[4..].Fill((byte)'Z');
    }

    /// <summary>The 24 bytes that both headers have: version, flags, method 0 (stored), time, date, checksum, sizes, length of the name.
    /// </summary>
    private static void Common(Span<byte> to, (byte[] Name, uint Crc, uint Size, uint Offset) entry)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(to, 20);
        BinaryPrimitives.WriteUInt16LittleEndian(to[2..], Utf8Names);
        BinaryPrimitives.WriteUInt16LittleEndian(to[8..], FirstDay);
        BinaryPrimitives.WriteUInt32LittleEndian(to[10..], entry.Crc);
        BinaryPrimitives.WriteUInt32LittleEndian(to[14..], entry.Size);
        BinaryPrimitives.WriteUInt32LittleEndian(to[18..], entry.Size);
        BinaryPrimitives.WriteUInt16LittleEndian(to[22..], (ushort)entry.Name.Length);
    }

    /// <summary>Length of the extra field after which the content is aligned; at least 4, its own head.</summary>
    private static int Padding(long after) => 4 + (int)((Alignment - (after + 4) % Alignment) % Alignment);

    private static uint Small(long value) => value < uint.MaxValue ? (uint)value
        : throw new InvalidDataException("the file would exceed 4 GiB, which a plain ZIP file cannot hold; use another format");
}
