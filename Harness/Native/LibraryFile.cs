using System.Buffers.Binary;

namespace Ablation.Harness.Native;

/// <summary>
/// Looks at a file before the system loads it as a library: one that was cut off while it was copied ends the process when its missing part
/// is touched.
/// </summary>
internal static class LibraryFile
{
    private const int Head = 4096;

    /// <summary>
    /// Returns what is wrong with the file: "is not a library of this system", "is cut off: ..."; null if it may be loaded.
    /// </summary>
    public static string? Problem(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> head = stackalloc byte[Head];
        head = head[..file.ReadAtLeast(head, Head, throwOnEndOfStream: false)];
        if (OperatingSystem.IsMacOS()) return null; // the system checks it
        var end = OperatingSystem.IsWindows() ? PortableEnd(head) : ElfEnd(head);
        return end is null ? "is not a library of this system"
            : end > file.Length ? $"is cut off: it has {file.Length} bytes of {end}; copy it again" : null;
    }

    /// <summary>Returns where the last segment or the section headers of a 64-bit ELF file end; null if it is none.</summary>
    internal static long? ElfEnd(ReadOnlySpan<byte> head)
    {
        if (head.Length < 64 || !head[..4].SequenceEqual("\u007fELF"u8) || head[4] != 2 || head[5] != 1) return null;
        var end = BinaryPrimitives.ReadInt64LittleEndian(head[40..]) + Short(head, 58) * Short(head, 60);
        var (segments, size) = (BinaryPrimitives.ReadInt64LittleEndian(head[32..]), Short(head, 54));
        for (var i = 0; i < Short(head, 56) && segments + (i + 1) * size <= head.Length; i++)
        {
            var segment = head[(int)(segments + i * size)..];
            var start = BinaryPrimitives.ReadInt64LittleEndian(segment[8..]);
            end = Math.Max(end, start + BinaryPrimitives.ReadInt64LittleEndian(segment[32..]));
        }

        return end;
    }

    /// <summary>Returns where the last section of a portable executable ends; null if it is none.</summary>
    internal static long? PortableEnd(ReadOnlySpan<byte> head)
    {
        if (head.Length < 64 || head[0] != 'M' || head[1] != 'Z') return null;
        var at = BinaryPrimitives.ReadInt32LittleEndian(head[60..]);
        if (at < 0 || at > head.Length - 24 || !head.Slice(at, 4).SequenceEqual("PE\0\0"u8)) return null;
        var (sections, end) = (BinaryPrimitives.ReadUInt16LittleEndian(head[(at + 6)..]), 0L);
        var table = at + 24 + BinaryPrimitives.ReadUInt16LittleEndian(head[(at + 20)..]);
        for (var i = 0; i < sections && table + 40 * (i + 1) <= head.Length; i++)
        {
            var section = head[(table + 40 * i)..];
            var length = BinaryPrimitives.ReadUInt32LittleEndian(section[16..]);
            end = Math.Max(end, BinaryPrimitives.ReadUInt32LittleEndian(section[20..]) + (long)length);
        }

        return end;
    }

    private static int Short(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);
}
