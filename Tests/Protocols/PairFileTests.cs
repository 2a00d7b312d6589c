using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Protocols;
using Ablation.Tests.Images;

namespace Ablation.Tests.Protocols;

/// <summary>pairs.txt of LFW and the folder of CFP, on generated files.</summary>
public sealed class PairFileTests
{
    private const string Good = "2\t1\nAnn\t1\t2\nAnn\t1\tBob\t1\nBob\t1\t3\nBob\t3\tAnn\t2\n";
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder()
    {
        folder = new TemporaryFolder();
        foreach (var (name, number, seed) in new[] { ("Ann", 1, 1), ("Ann", 2, 2), ("Bob", 1, 3), ("Bob", 3, 4) })
            Write($"Images/{name}/{name}_000{number}.png", seed);
    }

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    private void Write(string path, int seed)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(path))!);
        File.WriteAllBytes(folder.File(path), Pictures.Png(Pictures.Of(seed)));
    }

    private PairProtocol Lfw(string text)
    {
        File.WriteAllText(folder.File("pairs.txt"), text);
        return new LfwPairsOptions { Images = "Images", Pairs = "pairs.txt", Extension = ".png" }.Open(new DataRoot(folder.Path));
    }

    [Test]
    public void Pairs_have_truth_and_fold_and_each_image_is_listed_once()
    {
        using var pairs = Lfw(Good);
        Assert.That((pairs.Name, pairs.ImageCount, pairs.Folds), Is.EqualTo(("LFW", 4, 2)));
        Assert.That(pairs.Pairs,
            Is.EqualTo(new FacePair[] { new(0, 1, true, 0), new(0, 2, false, 0), new(2, 3, true, 1), new(3, 1, false, 1) }));
        Assert.That(Enumerable.Range(0, 4).Select(i => pairs.Read(i).Rgb),
            Is.EqualTo(new[] { 1, 2, 3, 4 }.Select(seed => Pictures.Of(seed).Rgb)));
    }

    [Test]
    public void A_header_of_one_number_means_one_fold()
    {
        using var pairs = Lfw("1\nAnn 1 2\nAnn 1 Bob 1\n\n");
        Assert.That((pairs.Folds, pairs.Pairs.Count), Is.EqualTo((1, 2)));
    }

    [TestCase("", 0, "empty")]
    [TestCase("ten\t300\n", 1, "\"ten\"")]
    [TestCase("1\t2\t3\n", 1, "no header")]
    [TestCase("2\t1\nAnn\t1\t2\n", 2, "1 pairs, but the header promises 2 x 2 x 1")]
    [TestCase("1\t1\nAnn\t1\tBob\t1\nAnn\t1\t2\n", 2, "4 columns")]
    [TestCase("1\t1\nAnn\t1\t2\nAnn\t1\t2\n", 3, "3 columns")]
    [TestCase("1\t1\nAnn\t1\t2\nAnn\t1\tAnn\t2\n", 3, "both images are of Ann")]
    [TestCase("1\t1\nAnn\t1\t1\nAnn\t1\tBob\t1\n", 2, "both images of the pair are the same")]
    [TestCase("1\t1\nAnn\t1\t7\nAnn\t1\tBob\t1\n", 2, "Ann_0007.png")]
    [TestCase("1\t1\nAnn\t1\t2\nAnn\t1\tCid\t1\n", 3, "Cid_0001.png")]
    [TestCase("1\t1\nAnn\t1\tx\nAnn\t1\tBob\t1\n", 2, "\"x\"")]
    [TestCase("1\t1\nAnn\t1\t0\nAnn\t1\tBob\t1\n", 2, "\"0\"")]
    public void A_bad_pairs_file_is_refused_with_its_line(string text, int line, string what)
    {
        var problem = Assert.Throws<DataProblem>(() => Lfw(text));
        Assert.That(problem!.Where, Does.EndWith(line == 0 ? "pairs.txt" : $"pairs.txt({line})"));
        Assert.That(problem.Message, Does.Contain(what));
    }

    private PairProtocol Cfp(CfpProtocol protocol, string same = "1,2\n", string diff = "2,3\n", string list = "../Data/Images")
    {
        for (var identity = 1; identity <= 2; identity++)
        {
            for (var number = 1; number <= 2; number++)
            {
                Write($"cfp/Images/00{identity}/frontal/0{number}.jpg", 10 * identity + number);
                Write($"cfp/Images/00{identity}/profile/0{number}.jpg", 100 + 10 * identity + number);
            }
        }

        foreach (var (letter, view) in new[] { ("F", "frontal"), ("P", "profile") })
        {
            File.WriteAllText(folder.File(Directory.CreateDirectory(folder.File("cfp/Protocol")).FullName + $"/Pair_list_{letter}.txt"),
                string.Concat(Enumerable.Range(0, 4).Select(i => $"{i + 1} {list}/00{1 + i / 2}/{view}/0{1 + i % 2}.jpg\n")));
        }

        foreach (var fold in new[] { "02", "01" })
        {
            var folder = Directory.CreateDirectory(this.folder.File($"cfp/Protocol/Split/{protocol}/{fold}")).FullName;
            File.WriteAllText(Path.Combine(folder, "same.txt"), fold == "01" ? same : "3,4\n");
            File.WriteAllText(Path.Combine(folder, "diff.txt"), fold == "01" ? diff : "\n4,1\n");
        }

        return new CfpOptions { Root = "cfp", Protocol = protocol }.Open(new DataRoot(folder.Path));
    }

    private static (string, string, bool, int)[] Named(PairProtocol pairs) =>
        [.. pairs.Pairs.Select(pair => (Tail(pairs.Locate(pair.First)), Tail(pairs.Locate(pair.Second)), pair.Same, pair.Fold))];

    private static string Tail(string path) => string.Join('/', path.Split('/', '\\')[^3..]);

    [Test]
    public void Frontal_to_profile_takes_the_second_image_from_the_profiles()
    {
        using var pairs = Cfp(CfpProtocol.FP);
        Assert.That((pairs.Name, pairs.Folds, pairs.ImageCount), Is.EqualTo(("CFP-FP (own alignment)", 2, 8)));
        Assert.That(Named(pairs), Is.EqualTo(new[]
        {
            ("001/frontal/01.jpg", "001/profile/02.jpg", true, 0), ("001/frontal/02.jpg", "002/profile/01.jpg", false, 0),
            ("002/frontal/01.jpg", "002/profile/02.jpg", true, 1), ("002/frontal/02.jpg", "001/profile/01.jpg", false, 1),
        }));
        Assert.That(pairs.Read(pairs.Pairs[0].Second).Rgb, Is.EqualTo(Pictures.Of(112).Rgb));
    }

    [Test]
    public void Frontal_to_frontal_takes_both_images_from_the_frontals()
    {
        using var pairs = Cfp(CfpProtocol.FF);
        Assert.That((pairs.Name, pairs.ImageCount), Is.EqualTo(("CFP-FF (own alignment)", 4)));
        Assert.That(Named(pairs)[1], Is.EqualTo(("001/frontal/02.jpg", "002/frontal/01.jpg", false, 0)));
    }

    [TestCase("1,2\n1,3\n", "2,3\n", "same.txt(2)", "identities 001 and 002")]
    [TestCase("1,2\n", "2,1\n", "diff.txt(1)", "identities 001 and 001")]
    [TestCase("1,5\n", "2,3\n", "same.txt(1)", "1 to 4")]
    [TestCase("0,1\n", "2,3\n", "same.txt(1)", "\"0\"")]
    [TestCase("1;2\n", "2,3\n", "same.txt(1)", "no pair")]
    public void A_bad_split_is_refused_with_its_line(string same, string diff, string where, string what)
    {
        var problem = Assert.Throws<DataProblem>(() => Cfp(CfpProtocol.FP, same, diff));
        Assert.That(problem!.Where, Does.EndWith(where));
        Assert.That(problem.Message, Does.Contain(what));
    }

    [Test]
    public void A_missing_image_or_list_is_named()
    {
        using var good = Cfp(CfpProtocol.FP);
        File.Delete(folder.File("cfp/Images/001/profile/02.jpg"));
        var options = new CfpOptions { Root = "cfp", Protocol = CfpProtocol.FP };
        Assert.That(() => options.Open(new DataRoot(folder.Path)), Throws.TypeOf<DataProblem>().With.Message.Contains("same.txt(1)"));
        File.Delete(folder.File("cfp/Protocol/Pair_list_P.txt"));
        Assert.That(() => options.Open(new DataRoot(folder.Path)), Throws.TypeOf<DataProblem>().With.Message.Contains("Pair_list_P.txt"));
    }
}
