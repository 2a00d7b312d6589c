namespace Ablation.Harness.Formats;

/// <summary>CRC-32 of ZIP files (ISO-HDLC, polynomial 0x04C11DB7 reflected), by table, eight bytes at a time.</summary>
public static class Crc32
{
    private static readonly uint[][] Tables = MakeTables();

    public static uint Compute(ReadOnlySpan<byte> bytes) => ~Append(uint.MaxValue, bytes);

    /// <summary>The register after some more bytes; without the complement that <see cref="Compute"/> begins and ends with.</summary>
    public static uint Append(uint register, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            var low = register ^ (uint)(bytes[0] | bytes[1] << 8 | bytes[2] << 16 | bytes[3] << 24);
            register = Tables[7][low & 0xFF] ^ Tables[6][low >> 8 & 0xFF] ^ Tables[5][low >> 16 & 0xFF] ^ Tables[4][low >> 24]
                ^ Tables[3][bytes[4]] ^ Tables[2][bytes[5]] ^ Tables[1][bytes[6]] ^ Tables[0][bytes[7]];
        }

        foreach (var value in bytes) register = register >> 8 ^ Tables[0][(register ^ value) & 0xFF];
        return register;
    }

    /// <summary>Table k: the effect of a byte that is followed by k zero bytes.</summary>
    private static uint[][] MakeTables()
    {
        var tables = new uint[8][];
        for (var table = 0; table < tables.Length; table++)
        {
            tables[table] = new uint[256];
            for (uint value = 0; value < 256; value++)
            {
                var register = table == 0 ? value : tables[table - 1][value];
                for (var bit = 0; bit < 8; bit++) register = register >> 1 ^ ((register & 1) != 0 ? 0xEDB88320 : 0);
                tables[table][value] = register;
            }
        }

        return tables;
    }
}
