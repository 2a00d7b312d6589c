using Ablation.Harness.Faces;
using Ablation.Harness.Faces.Synthetic;
using Ablation.Harness.Foundations;
using Ablation.Harness.Protocols;

namespace Ablation.Tests.Protocols;

/// <summary>Pairs drawn from any set are balanced in each fold, distinct and correct, and no person is in two folds.</summary>
public sealed class DrawnPairsTests
{
    private static readonly SyntheticOptions Faces = new() { Identities = 30, ImagesPerIdentity = 5, Resolution = 16 };

    [Test]
    public void Folds_are_balanced_and_share_no_person()
    {
        using var test = Open(200);
        Assert.That((test.Pairs.Count, test.Folds), Is.EqualTo((200, 10)));
        var foldOf = new Dictionary<string, int>();
        foreach (var fold in test.Pairs.GroupBy(pair => pair.Fold))
        {
            Assert.That((fold.Count(pair => pair.Same), fold.Count(pair => !pair.Same)), Is.EqualTo((10, 10)));
            foreach (var person in fold.SelectMany(pair => (string[])[test.PersonName(pair.First)!, test.PersonName(pair.Second)!])
                .Distinct()) foldOf.Add(person, fold.Key);
        }

        Assert.That(foldOf.Values.Distinct().Count(), Is.EqualTo(10));
    }

    [Test]
    public void Pairs_are_distinct_and_match_the_labels()
    {
        using var test = Open(600); // all ten genuine pairs of every person
        Assert.That(test.Pairs.Select(pair => (Math.Min(pair.First, pair.Second), Math.Max(pair.First, pair.Second))).Distinct()
            .Count(), Is.EqualTo(600));
        Assert.That(test.Pairs.Where(pair => pair.First == pair.Second), Is.Empty);
        foreach (var pair in test.Pairs) Assert.That(test.PersonName(pair.First) == test.PersonName(pair.Second), Is.EqualTo(pair.Same));
        Assert.That(Enumerable.Range(0, test.ImageCount).Select(test.ImageName).Distinct().Count(), Is.EqualTo(test.ImageCount));
    }

    [Test]
    public void The_seed_decides_the_pairs()
    {
        using var one = Open(200);
        using var again = Open(200);
        using var other = Open(200, seed: 1);
        Assert.That(Named(again), Is.EqualTo(Named(one)));
        Assert.That(Named(other), Is.Not.EqualTo(Named(one)));
    }

    [Test]
    public void Genuine_pairs_are_spread_over_the_persons()
    {
        using var test = Open(60); // three genuine pairs per fold of three persons
        Assert.That(test.Pairs.Where(pair => pair.Same).Select(pair => test.PersonName(pair.First)).Distinct().Count(), Is.EqualTo(30));
    }

    [Test]
    public void Pictures_come_from_the_source()
    {
        using var source = Faces.Open(new DataRoot("."));
        using var test = Open(20);
        var places = Enumerable.Range(0, source.Count).ToDictionary(source.ImageName);
        for (var image = 0; image < test.ImageCount; image++)
        {
            Assert.That(test.Read(image).Rgb, Is.EqualTo(source.Read(places[test.ImageName(image)]).Image.Rgb));
            Assert.That(test.ImageKey(image), Is.EqualTo(source.ImageKey(places[test.ImageName(image)])));
        }
    }

    [TestCase(210, "cannot be split into 10 folds")]
    [TestCase(620, "30 pairs of one person")]
    public void More_pairs_than_the_source_has_are_refused(int pairs, string message) =>
    Assert.That(() => Open(pairs), Throws.TypeOf<DataProblem>().With.Message.Contains(message));

    [Test]
    public void A_fold_of_one_person_has_no_impostor_pairs() =>
        Assert.That(() => new DrawnPairsOptions { Of = Faces with { Identities = 10 }, Pairs = 20 }.Open(new DataRoot(".")),
            Throws.TypeOf<DataProblem>().With.Message.Contains("has 1 identities").And.Message.Contains("0 of two"));

    private static PairProtocol Open(int pairs, int seed = 0) =>
        new DrawnPairsOptions { Of = Faces, Pairs = pairs, Seed = seed }.Open(new DataRoot("."));

    private static List<(string, string, bool, int)> Named(PairProtocol test) =>
        [.. test.Pairs.Select(pair => (test.ImageName(pair.First), test.ImageName(pair.Second), pair.Same, pair.Fold))];
}
