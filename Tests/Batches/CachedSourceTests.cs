using Ablation.Harness.Batches;
using Ablation.Tests.Faces;

namespace Ablation.Tests.Batches;

public sealed class CachedSourceTests
{
    private const int PictureBytes = 12 * 12 * 3;

    [Test]
    public void A_picture_that_fits_is_decoded_once()
    {
        var source = new FakeSource(10, 3);
        using (var cached = new CachedSource(source, long.MaxValue))
        {
            for (var round = 0; round < 3; round++)
            {
                for (var i = 0; i < 10; i++)
                {
                    Assert.That(cached.Read(i).Image.Rgb, Is.EqualTo(FakeSource.Picture(i, 12).Rgb));
                    Assert.That((cached.Read(i).Identity, cached.IdentityOf(i)), Is.EqualTo((i % 3, i % 3)));
                }
            }

            Assert.That(source.Reads, Is.EqualTo(10));
            Assert.That((cached.Count, cached.Identities, cached.Name, cached.Locate(4)), Is.EqualTo((10, 3, "fake", "fake@4")));
        }

        Assert.That(source.Disposed, Is.True);
    }

    [Test]
    public void The_budget_holds_and_the_rest_is_decoded_each_time()
    {
        var source = new FakeSource(10, 3);
        using var cached = new CachedSource(source, 4 * (PictureBytes + 100));
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 10; i++) cached.Read(i);
        }

        Assert.That(source.Reads, Is.EqualTo(10 + 6));
    }

    [Test]
    public void A_picture_read_by_several_threads_counts_once()
    {
        var source = new FakeSource(4, 2);
        using var cached = new CachedSource(source, 4 * (PictureBytes + 100));
        Parallel.For(0, 200, i => Assert.That(cached.Read(i % 4).Image.Rgb, Is.EqualTo(FakeSource.Picture(i % 4, 12).Rgb)));
        for (var i = 0; i < 4; i++) cached.Read(i); // a picture for which two threads reserved memory at once
        var reads = source.Reads;
        for (var i = 0; i < 4; i++) cached.Read(i);
        Assert.That(source.Reads, Is.EqualTo(reads), "the budget has room for all of them");
    }
}
