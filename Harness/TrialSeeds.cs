using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Ablation.Harness;

/// <summary>What a trial draws random numbers for; the numbers decide its result and never change.</summary>
internal enum SeedPurpose
{
    Backbone = 1,
    Proxies = 2,

    /// <summary>Order and augmentation.</summary>
    Batches = 3,

    Dropout = 4,

    /// <summary>Identities drawn by Partial FC.</summary>
    SampledIdentities = 5,
}

/// <summary>The seeds of a trial: one per purpose, derived from the seed of its specification.</summary>
internal static class TrialSeeds
{
    /// <summary>Spread by a hash, since neighbouring seeds of a generator may give similar streams.</summary>
    public static long Derive(int seed, SeedPurpose purpose)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, seed);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], (int)purpose);
        return BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(bytes)) & long.MaxValue;
    }
}
