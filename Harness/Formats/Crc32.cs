namespace Ablation.Harness.Formats;

/// <summary>The CRC-32 of ZIP (polynomial 0xEDB88320), eight bytes at a time.</summary>
internal static class Crc32
{
    private static readonly uint[] Tables = Make();

    /// <summary>Continues a checksum; the first begins with 0.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        while (bytes.Length >= 8)
        {
            var low = crc ^ BitConverter.ToUInt32(bytes);
            var high = BitConverter.ToUInt32(bytes[4..]);
            crc = Tables[0x700 + (low & 0xff)] ^ Tables[0x600 + (low >> 8 & 0xff)] ^ Tables[0x500 + (low >> 16 & 0xff)]
                ^ Tables[0x400 + (low >> 24)] ^ Tables[0x300 + (high & 0xff)] ^ Tables[0x200 + (high >> 8 & 0xff)]
                ^ Tables[0x100 + (high >> 16 & 0xff)] ^ Tables[high >> 24];
            bytes = bytes[8..];
        }

        foreach (var value in bytes) crc = crc >> 8 ^ Tables[(crc ^ value) & 0xff];
        return ~crc;
    }

    private static uint[] Make()
    {
        var tables = new uint[8 * 256];
        for (var i = 0u; i < 256; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++) value = (value & 1) != 0 ? value >> 1 ^ 0xEDB88320 : value >> 1;
            tables[i] = value;
        }

        for (var i = 256; i < tables.Length; i++) tables[i] = tables[i - 256] >> 8 ^ tables[tables[i - 256] & 0xff];
        return tables;
    }
}
