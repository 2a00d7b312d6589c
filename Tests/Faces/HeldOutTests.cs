using Ablation.Harness.Faces;
using Ablation.Harness.Faces.Synthetic;
using Ablation.Harness.Foundations;

namespace Ablation.Tests.Faces;

/// <summary>Two sides of a set share no identity, contain all pictures, and have contiguous classes.</summary>
public sealed class HeldOutTests
{
    private static readonly SyntheticOptions Whole = new() { Identities = 20, ImagesPerIdentity = 3, Resolution = 16 };

    [Test]
    public void The_two_sides_are_disjoint_and_make_the_whole_set()
    {
        using var whole = Whole.Open(new DataRoot("."));
        using var held = Side(held: true);
        using var rest = Side(held: false);
        Assert.That((held.Identities, rest.Identities), Is.EqualTo((6, 14)));
        Assert.That(People(held).Intersect(People(rest)), Is.Empty);
        Assert.That(People(held).Concat(People(rest)), Is.EquivalentTo(People(whole)));
        Assert.That(Pictures(held).Concat(Pictures(rest)), Is.EquivalentTo(Pictures(whole)));
    }

    [Test]
    public void Classes_are_renumbered_and_a_picture_keeps_its_person([Values] bool isHeld)
    {
        using var whole = Whole.Open(new DataRoot("."));
        using var side = Side(isHeld);
        Assert.That(Enumerable.Range(0, side.Count).Select(side.IdentityOf).Distinct()
            .Order(), Is.EqualTo(Enumerable.Range(0, side.Identities)));
        var places = Pictures(whole).Index().ToDictionary(one => one.Item, one => one.Index);
        for (var image = 0; image < side.Count; image++)
        {
            var at = places[side.ImageName(image)];
            var (own, original) = (side.Read(image), whole.Read(at));
            Assert.That(own.Image.Rgb, Is.EqualTo(original.Image.Rgb));
            Assert.That(own.Identity, Is.EqualTo(side.IdentityOf(image)));
            Assert.That((side.PersonName(own.Identity), side.Locate(image), side.ImageKey(image)),
                Is.EqualTo((whole.PersonName(original.Identity), whole.Locate(at), whole.ImageKey(at))));
        }
    }

    [Test]
    public void The_seed_chooses_the_held_out_identities()
    {
        using var one = Side(held: true);
        using var again = Side(held: true);
        using var other = Side(held: true, seed: 2);
        Assert.That(Pictures(again), Is.EqualTo(Pictures(one)));
        Assert.That(People(other), Is.Not.EqualTo(People(one)));
    }

    [TestCase(0.001, 2)]
    [TestCase(0.999, 18)]
    [TestCase(0.37, 7)] // of 7.4 and 7.6: rounded
    [TestCase(0.38, 8)]
    public void A_side_has_its_share_of_the_identities_and_at_least_two(double share, int held)
    {
        using var side = new HeldOutOptions { Of = Whole, Share = share, Held = true }.Open(new DataRoot("."));
        Assert.That(side.Identities, Is.EqualTo(held));
    }

    [Test]
    public void A_set_that_cannot_be_split_and_a_share_out_of_range_are_refused()
    {
        var small = new HeldOutOptions { Of = Whole with { Identities = 3 } };
        Assert.That(() => small.Open(new DataRoot(".")),
            Throws.TypeOf<DataProblem>().With.Message.Contains("3 identities cannot be split"));
        Assert.That(() => new HeldOutOptions { Of = Whole, Share = 1 }.Open(new DataRoot(".")),
            Throws.TypeOf<DataProblem>().With.Message.Contains("share = 1; must be in (0, 1)"));
    }

    private static FaceSource Side(bool held, int seed = 1) =>
        new HeldOutOptions { Of = Whole, Share = 0.3, Seed = seed, Held = held }.Open(new DataRoot("."));

    private static List<string?> People(FaceSource source) => [.. Enumerable.Range(0, source.Identities).Select(source.PersonName)];

    private static List<string> Pictures(FaceSource source) => [.. Enumerable.Range(0, source.Count).Select(source.ImageName)];
}
