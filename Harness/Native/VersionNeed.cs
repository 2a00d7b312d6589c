using System.Buffers.Binary;
using System.Text;

namespace Ablation.Harness.Native;

/// <summary>
/// Finds one symbol-version need in a 64-bit little-endian ELF library and marks it weak.
/// The dynamic linker refuses a library whose needed versions are missing, unless the need is weak (VER_FLG_WEAK).
/// </summary>
/// <remarks>Layout: Elf64_Verneed and Elf64_Vernaux, System V ABI / LSB "Symbol versioning".</remarks>
public static class VersionNeed
{
    private const uint VersionNeedSection = 0x6ffffffe; // SHT_GNU_verneed
    private const ushort Weak = 2;                      // VER_FLG_WEAK

    /// <summary>Returns the byte offsets of the flags of every need called <paramref name="version"/>.</summary>
    /// <exception cref="BadImageFormatException">The bytes are not a 64-bit little-endian ELF file, or its tables are cut off.</exception>
    public static IReadOnlyList<int> FlagOffsets(ReadOnlySpan<byte> elf, string version)
    {
        if (elf.Length < 64 || !elf[..4].SequenceEqual("\u007fELF"u8) || elf[4] != 2 || elf[5] != 1)
            throw new BadImageFormatException("not a 64-bit little-endian ELF file");

        try
        {
            var sections = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(elf[40..]));
            var size = BinaryPrimitives.ReadUInt16LittleEndian(elf[58..]);
            var count = BinaryPrimitives.ReadUInt16LittleEndian(elf[60..]);
            for (var i = 0; i < count; i++)
            {
                var section = elf.Slice(sections + i * size, size);
                if (BinaryPrimitives.ReadUInt32LittleEndian(section[4..]) != VersionNeedSection) continue;
                var names = elf.Slice(sections + (int)BinaryPrimitives.ReadUInt32LittleEndian(section[40..]) * size, size);
                return Walk(elf, Offset(section), (int)BinaryPrimitives.ReadUInt32LittleEndian(section[44..]), Offset(names), version);
            }

            return [];
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or OverflowException)
        {
            throw new BadImageFormatException("the ELF tables point past the end of the file", e);
        }
    }

    /// <summary>Sets the weak flag of every need called <paramref name="version"/>; returns how many there were.</summary>
    public static int MarkWeak(Span<byte> elf, string version)
    {
        var offsets = FlagOffsets(elf, version);
        foreach (var offset in offsets)
        {
            var flags = elf[offset..];
            BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(flags) | Weak));
        }

        return offsets.Count;
    }

    private static int Offset(ReadOnlySpan<byte> section) => checked((int)BinaryPrimitives.ReadUInt64LittleEndian(section[24..]));

    private static List<int> Walk(ReadOnlySpan<byte> elf, int need, int needs, int names, string version)
    {
        var found = new List<int>();
        for (; needs > 0; needs--)
        {
            var versions = BinaryPrimitives.ReadUInt16LittleEndian(elf[(need + 2)..]);
            var entry = need + (int)BinaryPrimitives.ReadUInt32LittleEndian(elf[(need + 8)..]);
            for (; versions > 0; versions--)
            {
                var name = elf[(names + (int)BinaryPrimitives.ReadUInt32LittleEndian(elf[(entry + 8)..]))..];
                if (Encoding.ASCII.GetString(name[..name.IndexOf((byte)0)]) == version) found.Add(entry + 4);
                entry += (int)BinaryPrimitives.ReadUInt32LittleEndian(elf[(entry + 12)..]);
            }

            need += (int)BinaryPrimitives.ReadUInt32LittleEndian(elf[(need + 12)..]);
        }

        return found;
    }
}
