namespace Ablation.Tests.Weights;

/// <summary>The ends of a ZIP file of more than 4 GiB, and nothing before them.</summary>
internal static class Zip64Ends
{
    /// <param name="count">Entries, as the record says.</param>
    /// <param name="size">Bytes of the directory, as the record says.</param>
    public static byte[] Write(long count, long size)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(0x04034b50);
        writer.Write(new byte[60]);
        writer.Write(0x06064b50); // the record: its size, versions, disks, entries twice, size and place of the directory
        foreach (var value in (long[])[44, 45L << 16 | 45, 0]) writer.Write(value);
        bytes.Position -= 4; // versions are two of two bytes
        foreach (var value in (long[])[count, count, size, 0]) writer.Write(value);
        writer.Write(0x07064b50); // where the record is
        writer.Write(0);
        writer.Write(64L);
        writer.Write(1);
        writer.Write(0x06054b50);
        foreach (var value in (ushort[])[0, 0, ushort.MaxValue, ushort.MaxValue]) writer.Write(value);
        foreach (var value in (uint[])[uint.MaxValue, uint.MaxValue]) writer.Write(value);
        writer.Write((ushort)0);
        return bytes.ToArray();
    }
}
