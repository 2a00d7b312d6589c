using Ablation.Benchmarks;
using Ablation.Harness.Faces;
using Ablation.Harness.Protocols.Ijb;

namespace Ablation.Tests.Protocols.Ijb;

/// <summary>The generated files have the stated size, and this program and the usual NumPy code compute the same from them.</summary>
[Parallelizable]
public sealed class SyntheticIjbTests
{
    private static readonly IjbSize Small = new(Images: 900, Templates: 70, Pairs: 6000, Genuine: 45, Enrolled: 15);

    [Test]
    public void A_small_set_has_its_size_and_is_the_same_for_the_same_seed()
    {
        using var folder = new TemporaryFolder();
        var contents = new List<string>();
        foreach (var (name, seed) in new[] { ("a", 1), ("b", 1), ("c", 2) })
        {
            SyntheticIjb.Write(folder.File(name), Small, seed);
            using var test = new IjbOptions { Root = folder.File(name), Identification = true }.Open(new DataRoot("."));
            Assert.That((test.ImageCount, test.TemplateCount, test.PairCounts), Is.EqualTo((900, 70, (45, 5955))));
            contents.Add(Content.Of(test));
        }

        Assert.That((contents[1] == contents[0], contents[2] == contents[0]), Is.EqualTo((true, false)));
        Assert.That(() => SyntheticIjb.Write(folder.File("d"), Small with { Genuine = 60 }, 1), Throws.ArgumentException);
    }

    [Test]
    public void The_full_size_is_that_of_the_publication() =>
    Assert.That(IjbSize.C, Is.EqualTo(new IjbSize(469_375, 23_124, 19_557 + 15_638_932, 19_557, 3_531)));

    [Test]
    public void NumPy_gives_the_same_TAR()
    {
        using var folder = new TemporaryFolder();
        var (root, embeddings) = IjbBench.Prepare(folder.Path, Small, 32, seed: 3);
        var result = IjbBench.Run(root, embeddings, withPeer: true, threads: 1);
        Assert.That(result.Own.Tar.Select(tar => tar is null), Is.EqualTo(new[] { true, true, true, false, false, false }));
        Assert.That(result.Own.Tar[3], Is.GreaterThan(0).And.LessThan(1));
        if (result.Peer is null) Assert.Ignore(result.PeerMissing);
        Assert.That(result.Peer!.Tar, Is.EqualTo(result.Own.Tar).Within(1e-12));
    }
}
