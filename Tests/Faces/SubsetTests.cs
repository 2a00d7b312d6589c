using Ablation.Harness.Faces;
using Ablation.Harness.Faces.Synthetic;
using Ablation.Harness.Foundations;

namespace Ablation.Tests.Faces;

/// <summary>A subset of a source: nested draws, contiguous labels, excluded people.</summary>
public sealed class SubsetTests
{
    private static readonly DataRoot Root = new(".");
    private static readonly SyntheticOptions Whole = new() { Identities = 40, ImagesPerIdentity = 10, Resolution = 16 };

    private static SubsetOptions Part => new() { Of = Whole };

    [Test]
    public void The_whole_set_is_a_subset_of_itself()
    {
        using var whole = Whole.Open(Root);
        using var part = Part.Open(Root);
        Assert.That((part.Count, part.Identities), Is.EqualTo((whole.Count, whole.Identities)));
        Assert.That(Keys(part), Is.EqualTo(Keys(whole)));
        Assert.That(Enumerable.Range(0, part.Count)
            .Select(part.IdentityOf), Is.EqualTo(Enumerable.Range(0, whole.Count).Select(whole.IdentityOf)));
    }

    [Test]
    public void Smaller_subsets_are_contained_in_larger_ones()
    {
        using var more = (Part with { Identities = 20, ImagesPerIdentity = 6 }).Open(Root);
        using var fewer = (Part with { Identities = 10, ImagesPerIdentity = 6 }).Open(Root);
        using var thinner = (Part with { Identities = 20, ImagesPerIdentity = 3 }).Open(Root);
        Assert.That((more.Count, fewer.Count, thinner.Count), Is.EqualTo((120, 60, 60)));
        Assert.That(Keys(fewer), Is.SubsetOf(Keys(more)));
        Assert.That(Keys(thinner), Is.SubsetOf(Keys(more)));
        Assert.That(Enumerable.Range(0, fewer.Identities)
            .Select(fewer.PersonName), Is.Unique.And.SubsetOf(Enumerable.Range(0, more.Identities).Select(more.PersonName)));
        foreach (var part in new[] { more, fewer, thinner })
            Assert.That(Enumerable.Range(0, part.Count).Select(part.IdentityOf).Distinct()
                .Order(), Is.EqualTo(Enumerable.Range(0, part.Identities)), "every class has an image");
    }

    [Test]
    public void Another_seed_draws_other_identities()
    {
        using var one = (Part with { Identities = 20 }).Open(Root);
        using var other = (Part with { Identities = 20, Seed = 1 }).Open(Root);
        Assert.That(Keys(other), Is.Not.EquivalentTo(Keys(one)));
    }

    [Test]
    public void A_picture_keeps_its_person_and_gets_a_class_of_the_subset()
    {
        using var whole = (SyntheticSource)Whole.Open(Root);
        using var part = (Part with { Identities = 7, ImagesPerIdentity = 2 }).Open(Root);
        for (var i = 0; i < part.Count; i++)
        {
            Assert.That(part.ImageName(i), Does.StartWith(part.PersonName(part.IdentityOf(i)) + "/"));
            Assert.That(part.Read(i).Identity, Is.EqualTo(part.IdentityOf(i)));
        }
    }

    [Test]
    public void A_long_tail_falls_and_leaves_each_identity_an_image()
    {
        using var part = (Part with { LongTail = 1 }).Open(Root);
        var counts = Enumerable.Range(0, part.Count).CountBy(part.IdentityOf).Select(count => count.Value).OrderDescending().ToList();
        Assert.That(counts.Take(5), Is.EqualTo(new[] { 10, 5, 3, 3, 2 }), "10 / (k + 1), rounded");
        Assert.That(counts, Has.Count.EqualTo(40).And.All.GreaterThan(0));
    }

    [Test]
    public void Wrong_labels_have_the_given_share_and_are_nested()
    {
        using var clean = Part.Open(Root);
        var wrong = new[] { 0.1, 0.4 }.Select(share =>
        {
            using var part = (Part with { LabelNoise = share }).Open(Root);
            Assert.That(Keys(part), Is.EqualTo(Keys(clean)), "the same pictures");
            return Enumerable.Range(0, part.Count).Where(i => part.IdentityOf(i) != clean.IdentityOf(i)).ToList();
        }).ToList();
        Assert.That(wrong.Select(list => list.Count), Is.EqualTo(new[] { 40, 160 }));
        Assert.That(wrong[0], Is.SubsetOf(wrong[1]));
    }

    [Test]
    public void People_are_excluded_by_name_in_any_spelling()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("names.txt"), "Synthetic_0 3\n");
        File.WriteAllText(folder.File("train.tsv"), "faces/synthetic-0-5/1.jpg\t0\nfaces/synthetic-0-6/1.jpg\t1\n");
        using var part = (Part with { Without = [folder.File("names.txt"), folder.File("train.tsv")] }).Open(Root);
        var names = Enumerable.Range(0, part.Identities).Select(part.PersonName).ToList();
        Assert.That(names,
            Has.Count.EqualTo(37).And.No.Member("synthetic-0-3").And.No.Member("synthetic-0-5").And.No.Member("synthetic-0-6"));
    }

    [Test]
    public void An_impossible_draw_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("empty.txt"), "\n");
        Assert.Multiple(() =>
        {
            Assert.That(() => (Part with { Identities = 41 }).Open(Root), Problem("40 identities are left for 41"));
            Assert.That(() => (Part with { LeastImages = 11 }).Open(Root), Problem("0 identities are left"));
            using (var enough = (Part with { LeastImages = 10 }).Open(Root))
                Assert.That(enough.Count, Is.EqualTo(10 * enough.Identities), "an identity with exactly ten images counts");
            Assert.That(() => (Part with { LabelNoise = 0.5 }).Open(Root), Problem("must be in [0, 0.4]"));
            Assert.That(() => (Part with { Without = [folder.File("empty.txt")] }).Open(Root), Problem("names no identity"));
            Assert.That(() => (Part with { Without = [folder.File("none.txt")] }).Open(Root), Problem("no such file"));
        });
    }

    [Test]
    public void Different_subsets_have_different_fingerprints()
    {
        var source = new FakeSource(20, 5) { Print = "fake" };
        using var part = new SubsetSource(Part with { ImagesPerIdentity = 2 }, source, new PeopleList(), new ImageList());
        Assert.That(part.Fingerprint, Does.StartWith("fake part "));
        using var other = new SubsetSource(Part with { ImagesPerIdentity = 2, LabelNoise = 0.2 }, new FakeSource(20, 5) { Print = "fake" },
            new PeopleList(), new ImageList());
        Assert.That(other.Fingerprint, Is.Not.EqualTo(part.Fingerprint));
        part.Dispose();
        Assert.That(source.Disposed);
    }

    private static List<string?> Keys(FaceSource source) => [.. Enumerable.Range(0, source.Count).Select(source.ImageKey)];

    private static NUnit.Framework.Constraints.Constraint Problem(string text) => Throws.TypeOf<DataProblem>().With.Message.Contains(text);
}
