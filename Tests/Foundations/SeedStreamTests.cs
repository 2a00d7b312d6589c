using Ablation.Harness.Foundations;

namespace Ablation.Tests.Foundations;

/// <summary>The streams of a seed differ, and equal those of all results stored so far.</summary>
public sealed class SeedStreamTests
{
    /// <summary>All streams of a seed, by name.</summary>
    internal static IReadOnlyDictionary<string, long> Of(int seed) => typeof(SeedStreams).GetProperties()
        .Where(property => property.PropertyType == typeof(long))
        .ToDictionary(property => property.Name, property => (long)property.GetValue(new SeedStreams(seed))!);

    [Test]
    public void All_streams_of_one_seed_and_of_its_neighbours_differ()
    {
        Assert.That(Of(5), Has.Count.EqualTo(5));
        Assert.That(new[] { -1, 0, 1, 2, 3, 4, 5 }.SelectMany(seed => Of(seed).Values), Is.Unique.And.All.GreaterThanOrEqualTo(0));
    }

    /// <summary>The first eight bytes of SHA-256 over seed and number, little-endian, without the sign; computed by hashlib.</summary>
    [TestCase(0, 1945180138675940353, 3740403876563897647, 13594940794332314,
        2212410071758603035, 1274546854148301355)]
    [TestCase(5, 7470387104623007685, 5290472060018239996, 3741703559248173215,
        92376596226289549, 7578827571203553954)]
    [TestCase(-7, 4642097883264894021, 2328166331364989196, 934544144334803026,
        1519535571056221904, 4265924468927406816)]
    public void The_streams_of_a_trial_equal_those_of_stored_results(int seed, long weights, long proxies, long pictures, long dropout,
        long partialSampling)
    {
        var streams = new SeedStreams(seed);
        Assert.That((streams.Weights, streams.Proxies, streams.Pictures, streams.Dropout, streams.PartialSampling),
            Is.EqualTo((weights, proxies, pictures, dropout, partialSampling)));
    }

    [Test]
    public void The_first_number_of_each_purpose_equals_that_of_stored_results()
    {
        // seed 5, a = 2, b = 3; computed independently by the definition of SplitMix64
        var golden = new Dictionary<StreamPurpose, ulong>
        {
            [StreamPurpose.EpochOrder] = 0x0167E85AE7D9217D,
            [StreamPurpose.Augment] = 0x60ADF21E6C45840A,
            [StreamPurpose.SyntheticIdentity] = 0xBADDEE3ED073743C,
            [StreamPurpose.SyntheticImage] = 0x62B8FE7BFB96BE0B,
            [StreamPurpose.SyntheticLabelNoise] = 0x4E7E6CA636AA4C32,
            [StreamPurpose.SyntheticPairs] = 0xCA9DC75074D17CA3,
            [StreamPurpose.SyntheticTexture] = 0xEDEC0B508439469F,
            [StreamPurpose.Dropout] = 0x90FD2055483FD5D9,
            [StreamPurpose.IdentityBootstrap] = 0xA6FF28594E7716B4,
            [StreamPurpose.IdentificationSplit] = 0x63244539A95CEA63,
            [StreamPurpose.IdentificationBootstrap] = 0x88793CD4DCFC20BC,
            [StreamPurpose.SubjectDraw] = 0x6247FEBA1DC24D39,
            [StreamPurpose.SubsetIdentities] = 0x9F7987A7945867D6,
            [StreamPurpose.SubsetImages] = 0x88A2032D75A08391,
            [StreamPurpose.SubsetLabelNoise] = 0x630FE46F8C06FC5A,
            [StreamPurpose.TemplateDeal] = 0x9E8745B58FBF2412,
            [StreamPurpose.HeldOutIdentities] = 0xE449C25402E53881,
            [StreamPurpose.DrawnPairs] = 0xEFD3F6BDB1453689,
            [StreamPurpose.TuningDraw] = 0xE2B1CD89D8CA5C25,
            [StreamPurpose.TheoryDraw] = 0x165D728F7450260F,
            [StreamPurpose.TableSimulation] = 0xFAFF9E7877B93D7C,
            [StreamPurpose.SeedBootstrap] = 0x7304C5144FF04032,
            [StreamPurpose.TuningBootstrap] = 0xDBB9478B3E9E145C,
        };
        var drawn = Enum.GetValues<StreamPurpose>()
            .ToDictionary(purpose => purpose, purpose => new RandomStream(5, purpose, 2, 3).NextBits());
        Assert.That(drawn, Is.EquivalentTo(golden));
        Assert.That(drawn.Values, Is.Unique);
    }
}
