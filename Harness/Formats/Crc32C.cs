using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Ablation.Harness.Formats;

/// <summary>CRC-32C (Castagnoli; RFC 3720, B.4), by the processor's instruction where it has one.</summary>
public static class Crc32C
{
    public static uint Compute(ReadOnlySpan<byte> bytes) => ~Append(uint.MaxValue, bytes);

    /// <summary>The register after some more bytes; without the complement that <see cref="Compute"/> begins and ends with.</summary>
    public static uint Append(uint register, ReadOnlySpan<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
            register = BitOperations.Crc32C(register, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        foreach (var value in bytes[(words.Length * sizeof(ulong))..]) register = BitOperations.Crc32C(register, value);
        return register;
    }
}
