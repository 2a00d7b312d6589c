using Ablation.Harness.Foundations;

namespace Ablation.Tests.Foundations;

/// <summary>Suggestions for misspelt names.</summary>
public sealed class NearNameTests
{
    private static readonly string[] Losses = ["AdaFace", "ArcFace", "CosFace", "Npt", "Softmax", "SphereFace", "SphereFace2"];

    [TestCase("CosFase", ExpectedResult = "CosFace")]
    [TestCase("ArcFaec", ExpectedResult = "ArcFace", Description = "two letters exchanged are one change")]
    [TestCase("arcface", ExpectedResult = "ArcFace")]
    [TestCase("Nptt", ExpectedResult = "Npt")]
    [TestCase("SpherFace2", ExpectedResult = "SphereFace2")]
    [TestCase("Spherface", ExpectedResult = "SphereFace", Description = "of two near names the nearer")]
    [TestCase("AxxFace", ExpectedResult = "AdaFace", Description = "of equally near names the first")]
    [TestCase("Triplet", ExpectedResult = null)]
    [TestCase("xyz", ExpectedResult = null)]
    [TestCase("", ExpectedResult = null)]
    public string? The_nearest_name_is_found(string given) => NearName.Find(given, Losses);

    [TestCase("", "abc", 3)]
    [TestCase("abc", "abc", 0)]
    [TestCase("abc", "acb", 1)]
    [TestCase("kitten", "sitting", 3)]
    [TestCase("ca", "abc", 3, Description = "an exchanged pair is not changed again")]
    public void The_distance_counts_single_changes(string from, string to, int distance) =>
        Assert.That((NearName.Distance(from, to), NearName.Distance(to, from)), Is.EqualTo((distance, distance)));

    [Test]
    public void Few_names_are_listed_beside_the_suggestion()
    {
        Assert.That(NearName.Hint("Nptt", Losses), Is.EqualTo($"did you mean Npt? known: {string.Join(", ", Losses)}"));
        Assert.That(NearName.Hint("Nptt", [.. Losses, "A", "B"]), Is.EqualTo("did you mean Npt?"));
        Assert.That(NearName.Hint("Triplet", ["A", "B"]), Is.EqualTo("known: A, B"));
    }
}
