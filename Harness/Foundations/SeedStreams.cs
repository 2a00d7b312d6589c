using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Ablation.Harness.Foundations;

/// <summary>
/// The streams of a trial's seed, so that no loss shifts the random numbers of another part: seeds for torch's generators and for
/// <see cref="RandomStream"/>. They are spread over all values, since a generator may draw alike for neighbouring seeds.
/// </summary>
/// <remarks>The numbers of the streams decide the weights of stored results: never renumber them.</remarks>
public sealed record SeedStreams(int Seed)
{
    /// <summary>Initial weights of the network.</summary>
    public long Weights => Derive(1);

    /// <summary>Initial proxies of the loss.</summary>
    public long Proxies => Derive(2);

    /// <summary>
    /// Order and augmentation of the pictures: <see cref="StreamPurpose.EpochOrder"/>, <see cref="StreamPurpose.Augment"/>.
    /// </summary>
    public long Pictures => Derive(3);

    /// <summary>Dropout masks: <see cref="StreamPurpose.Dropout"/>.</summary>
    public long Dropout => Derive(4);

    /// <summary>Identities that partial sampling draws beside those of the batch.</summary>
    public long PartialSampling => Derive(5);

    private long Derive(int number)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, Seed);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], number);
        return BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(bytes)) & long.MaxValue;
    }
}

/// <summary>What a <see cref="RandomStream"/> is for: one seed gives unrelated streams for two purposes.</summary>
/// <remarks>The values decide the numbers drawn, and so the data of stored results: never renumber them.</remarks>
public enum StreamPurpose
{
    EpochOrder = 1,
    Augment = 2,
    SyntheticIdentity = 3,
    SyntheticImage = 4,
    SyntheticLabelNoise = 5,
    SyntheticPairs = 6,
    SyntheticTexture = 7,
    Dropout = 8,
    IdentityBootstrap = 9,
    IdentificationSplit = 21,
    IdentificationBootstrap = 22,
    SubjectDraw = 23,
    SubsetIdentities = 31,
    SubsetImages = 32,
    SubsetLabelNoise = 33,
    TemplateDeal = 34,
    HeldOutIdentities = 41,
    DrawnPairs = 42,
    TuningDraw = 43,
    TheoryDraw = 51,
    TableSimulation = 61,
    SeedBootstrap = 62,
    TuningBootstrap = 63,
}

/// <summary>The first address of streams of one <see cref="StreamPurpose"/> that draw something beside its main stream, 0.</summary>
/// <remarks>The values decide the numbers drawn: never renumber them.</remarks>
public static class StreamPart
{
    /// <summary>Of <see cref="StreamPurpose.DrawnPairs"/>: the pairs of a fold.</summary>
    public const int PairsOfFold = 1;

    /// <summary>Of <see cref="StreamPurpose.IdentificationSplit"/>: the order of the distractors.</summary>
    public const int DistractorOrder = 1;

    /// <summary>Of <see cref="StreamPurpose.TheoryDraw"/>: the order of an identity's images.</summary>
    public const int ImagesOfIdentity = 1;

    /// <summary>Of <see cref="StreamPurpose.TheoryDraw"/>: the images of <c>MiningAgreement</c>.</summary>
    public const int MiningQueries = 2;
}
