using System.Buffers.Binary;
using System.Text;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Formats;

/// <summary>
/// Reads the directory of a ZIP whose entries are stored as they are, as torch.save writes it. Compressed entries are marked, and never
/// unpacked: they could become any size.
/// </summary>
internal static class StoredZip
{
    private const string Cure = "download or save the file again";
    private const int EndBytes = 22, LongestComment = ushort.MaxValue, MostEntries = 200_000, MostDirectoryBytes = 64 << 20;

    /// <summary>Returns the entries by name.</summary>
    /// <exception cref="DataProblem">The file is cut off or damaged, entries overlap, or one is encrypted or doubled.</exception>
    public static IReadOnlyDictionary<string, FilePiece> Read(FileStream file)
    {
        var (count, size, at) = End(file);
        if (count is < 0 or > MostEntries) throw Problem(file, at, $"{count} entries, more than {MostEntries}");
        if (size is < 0 or > MostDirectoryBytes || size < 46 * count || at < 0 || at > file.Length - size)
            throw Problem(file, at, "the directory of the ZIP does not lie in the file");
        var directory = Bytes(file, at, (int)size);
        var entries = new Dictionary<string, FilePiece>(StringComparer.Ordinal);
        var taken = new List<(long From, long To, string Name)>();
        var next = 0;
        for (var i = 0L; i < count; i++)
        {
            var place = at + next;
            if (directory.Length - next < 46 || Number(directory, next) != 0x02014b50)
                throw Problem(file, place, "the directory of the ZIP is damaged");
            var head = directory.AsSpan(next);
            int named = Short(head, 28), extra = Short(head, 30), comment = Short(head, 32);
            if (directory.Length - next < 46 + named + extra + comment) throw Problem(file, place, "the directory of the ZIP is cut off");
            var name = Encoding.UTF8.GetString(head.Slice(46, named));
            if ((Short(head, 8) & 1) != 0) throw Problem(file, place, $"entry {Shown(name)} is encrypted", "save it without a password");
            long packed = Number(head, 20), length = Number(head, 24), from = Number(head, 42);
            Wide(head.Slice(46 + named, extra), ref length, ref packed, ref from);
            var isPacked = Short(head, 10) != 0 || packed != length;
            if (isPacked) length = packed;
            var data = Data(file, from, name);
            if (length < 0 || data > at - length) throw Problem(file, from, $"entry {Shown(name)} reaches into the directory or behind it");
            if (!entries.TryAdd(name, new FilePiece(data, length, Number(head, 16), isPacked)))
                throw Problem(file, place, $"two entries are called {Shown(name)}");
            taken.Add((from, data + length, name));
            next += 46 + named + extra + comment;
        }

        taken.Sort();
        for (var i = 1; i < taken.Count; i++)
            if (taken[i].From < taken[i - 1].To)
                throw Problem(file, taken[i].From, $"entries {Shown(taken[i - 1].Name)} and {Shown(taken[i].Name)} overlap");
        return entries;
    }

    /// <summary>Finds the record at the end: number of entries, bytes and place of the directory.</summary>
    private static (long Count, long Size, long At) End(FileStream file)
    {
        var length = (int)Math.Min(file.Length, EndBytes + LongestComment);
        var from = file.Length - length;
        var tail = Bytes(file, from, length);
        for (var i = length - EndBytes; i >= 0; i--)
        {
            if (Number(tail, i) != 0x06054b50 || Short(tail, i + 20) != length - i - EndBytes) continue;
            long count = Short(tail, i + 10), size = Number(tail, i + 12), at = Number(tail, i + 16);
            if (count != ushort.MaxValue && size != uint.MaxValue && at != uint.MaxValue) return (count, size, at);
            if (i < 20 || Number(tail, i - 20) != 0x07064b50) break;
            var wide = Long(tail, i - 12);
            if (wide < 0 || wide > file.Length - 56) break;
            var record = Bytes(file, wide, 56);
            if (Number(record, 0) != 0x06064b50) break;
            return (Long(record, 32), Long(record, 40), Long(record, 48));
        }

        throw Problem(file, file.Length, "the ZIP has no end: it is cut off");
    }

    /// <summary>Takes the sizes of a large file from the extra field, where the 32-bit ones are full.</summary>
    private static void Wide(ReadOnlySpan<byte> extra, ref long length, ref long packed, ref long from)
    {
        while (extra.Length >= 4)
        {
            var size = Math.Min(Short(extra, 2), extra.Length - 4);
            if (Short(extra, 0) == 1)
            {
                var rest = extra.Slice(4, size);
                Take(ref rest, ref length);
                Take(ref rest, ref packed);
                Take(ref rest, ref from);
                return;
            }

            extra = extra[(4 + size)..];
        }

        static void Take(ref ReadOnlySpan<byte> rest, ref long value)
        {
            if (value != uint.MaxValue || rest.Length < 8) return;
            value = BinaryPrimitives.ReadInt64LittleEndian(rest);
            rest = rest[8..];
        }
    }

    /// <summary>Returns where an entry's bytes begin, by its own header.</summary>
    private static long Data(FileStream file, long from, string name)
    {
        if (from < 0 || from > file.Length - 30) throw Problem(file, from, $"entry {Shown(name)} does not lie in the file");
        var head = Bytes(file, from, 30);
        int named = Short(head, 26), extra = Short(head, 28);
        if (Number(head, 0) != 0x04034b50 || from + 30 + named > file.Length
            || Encoding.UTF8.GetString(Bytes(file, from + 30, named)) != name)
            throw Problem(file, from, $"the header of entry {Shown(name)} is damaged");
        return from + 30 + named + extra;
    }

    private static byte[] Bytes(FileStream file, long at, int count)
    {
        var bytes = new byte[count];
        file.Position = at;
        file.ReadExactly(bytes);
        return bytes;
    }

    private static int Short(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint Number(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static long Long(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);

    private static string Shown(string name) =>
        "\"" + new string([.. name.Take(80).Select(c => char.IsControl(c) ? '?' : c)]) + "\"";

    private static DataProblem Problem(FileStream file, long at, string what, string cure = Cure) => new($"{file.Name}@{at}", what, cure);
}
