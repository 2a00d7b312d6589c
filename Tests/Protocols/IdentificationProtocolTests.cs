using Ablation.Harness.Embedding;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;
using Ablation.Harness.Protocols;
using static Ablation.Tests.Protocols.NamedFaces;

namespace Ablation.Tests.Protocols;

public sealed class IdentificationProtocolTests
{
    private TemporaryFolder folder = null!;
    private DataRoot data = null!;

    [SetUp]
    public void Open() => data = new DataRoot((folder = new TemporaryFolder()).Path);

    [TearDown]
    public void Close() => folder.Dispose();

    [Test]
    public void The_first_images_of_each_identity_are_the_gallery()
    {
        Faces("faces", 6, 3);
        using var test = (IdentificationTest)new IdentificationOptions
        {
            Faces = new FolderOptions { Path = "faces" },
            Enrolled = 2
        }.Open(data);
        Assert.That(test.Name, Is.EqualTo("faces 1:N"));
        Assert.That(test.Design.Enrolled.Select(test.ImageName),
            Is.EqualTo(Enumerable.Range(0, 6).SelectMany(p => new[] { $"p{p}/0.png", $"p{p}/1.png" })));
        Assert.That(test.Design.Probes, Is.EqualTo(new[] { 2, 5, 8, 11, 14, 17 }));
        Assert.That((test.PersonName(5), test.ImageKey(5)), Is.EqualTo(("p1", SourceFingerprint.OfFile(test.Locate(5)))));
        var scores = (IdentificationScores)test.Score(new TestEmbeddings(Embeddings(test)), default).Single();
        Assert.That(scores.Test, Is.EqualTo("faces 1:N"));
        Assert.That(scores.MateCount, Is.All.EqualTo(2));
        Assert.That(scores.Metrics().Select(metric => metric.Name), Is.EqualTo(new[] { "rank-1", "rank-5", "rank-10", "mAP" }));
        Assert.That(scores.Metrics()[0].Value, Is.EqualTo(1), "all embeddings of an identity are equal");
        Assert.That(test.ScoreCount, Is.EqualTo(6 * 3 + 12 * 2));
    }

    [Test]
    public void Some_identities_are_not_enrolled_and_distractors_are_last()
    {
        Faces("faces", 20, 2);
        Faces("others", 4, 5);
        var options = new IdentificationOptions
        {
            Faces = new FolderOptions { Path = "faces" },
            Unenrolled = 0.25,
            Distractors = new FolderOptions { Path = "others" },
            DistractorCounts = [3, 20],
            Seed = 4,
            Name = "open"
        };
        using var test = (IdentificationTest)options.Open(data);
        var scores = (IdentificationScores)test.Score(new TestEmbeddings(Embeddings(test)), default).Single();
        Assert.That(scores.MateCount.Count(count => count == 0), Is.EqualTo(10), "both images of five identities");
        Assert.That(scores.MateCount.Count(count => count == 1), Is.EqualTo(15));
        Assert.That(scores.Distractors, Is.EqualTo(new[] { 3, 20 }));
        var names = scores.Metrics().Select(metric => metric.Name).ToList();
        Assert.That(names, Does.Contain("rank-1 @ 3 distractors").And.Contain("FNIR@FPIR=0.1 @ 20 distractors"));
        Assert.That(test.Design.Distractors.Select(test.ImageName), Is.Unique.And.All.StartsWith("distractors/p"));
        for (var i = 0; i < scores.Before.Length; i += 2)
            Assert.That(scores.Before[i], Is.LessThanOrEqualTo(scores.Before[i + 1]), "more distractors never help");
        for (var level = 0; level < 2; level++)
            Assert.That(scores.Cmc(level, 40), Is.Ordered.And.Length.EqualTo(level == 0 ? 17 : 34),
                "fifteen enrolled and the distractors, but for the mate");
        using var again = (IdentificationTest)options.Open(data);
        using var other = (IdentificationTest)(options with { Seed = 5 }).Open(data);
        Assert.That(Hash(again), Is.EqualTo(Hash(test)));
        Assert.That(Hash(other), Is.Not.EqualTo(Hash(test)));
        Assert.That(other.Design.ProbeIdentity, Is.Not.EqualTo(test.Design.ProbeIdentity));
    }

    [Test]
    public void The_default_number_of_distractors_is_all_of_them()
    {
        Assert.That(DistractorLevels.Choose(null, 300, [10_000], "x"), Is.EqualTo(new[] { 300 }));
        Assert.That(DistractorLevels.Choose(null, 30_000, [10_000], "x"), Is.EqualTo(new[] { 10_000 }));
        Assert.That(DistractorLevels.Choose(null, 150, [10, 100, 1000], "x"), Is.EqualTo(new[] { 10, 100 }));
        foreach (var (asked, says) in new[] { (new[] { 11 }, "11 requested, 10 available"), ([3, 3], "rising"), ([0], "from 1"),
            ([], "empty list") })
            Assert.That(() => DistractorLevels.Choose(asked, 10, [], "x"), Throws.TypeOf<DataProblem>().With.Message.Contains(says));
        Assert.That(() => DistractorLevels.Choose(null, 0, [], "x"), Throws.TypeOf<DataProblem>().With.Message.Contains("there are none"));
    }

    [Test]
    public void People_who_are_searched_for_among_the_distractors_are_noted()
    {
        Put("faces/Ann_Lee", "0.png", "1.png");
        Put("faces/Bob", "0.png", "1.png");
        Put("others/ann lee", "0.png");
        Put("others/Cyd", "0.png");
        var options = new IdentificationOptions
        {
            Faces = new FolderOptions { Path = "faces" },
            Distractors = new FolderOptions { Path = "others" },
            DistractorCounts = [2],
        };
        using var test = options.Open(data);
        Assert.That(test.Notes.Single(), Does.StartWith("1 people who are searched for are distractors too, such as ann lee:"));
        Put("others/Dan", "0.png");
        File.WriteAllText(folder.File("out.txt"), "Ann Lee\n");
        var left = new SubsetOptions { Of = new FolderOptions { Path = "others" }, Without = ["out.txt"] };
        using var without = (options with { Distractors = left }).Open(data);
        Assert.That(without.Notes, Is.Empty);
        Assert.That(() => (options with { Unenrolled = 0.1 }).Open(data),
            Throws.TypeOf<DataProblem>().With.Message.Contains("0.1 of 2 identities is less than one").And.Message.Contains("0.5 or more"));
    }

    [Test]
    public void Files_that_folders_of_a_protocol_hold_and_that_are_not_read_are_noted()
    {
        Put("Probe", "1_1.jpg", "2_1.tif", "3_1.tif");
        Put("Probe/more", "4_1.jpg");
        Put("Gallery_Match", "1_2.jpg");
        Put("Gallery_Distractor", "x.jpg");
        using var tiny = new TinyFaceOptions { Root = "." }.Open(data);
        Assert.That(tiny.Notes[0], Is.EqualTo("1 folders in Probe are not read, the first is more"));
        Assert.That(tiny.Notes[1], Does.StartWith("2 files are skipped: .tif 2;"));
        SCface(3);
        Put("infrared", "001_cam6_1.png", "001_cam01_1.jpg");
        using var surveillance = new SCfaceOptions { Root = ".", TestSubjects = 2 }.Open(data);
        Assert.That(surveillance.Notes,
            Has.Some.StartsWith("6 pictures have other names").And.Some.StartsWith("2 files are skipped: .tif 2"));
        File.Delete(folder.File(Directory.GetFiles(folder.Path, "002_cam3_2.png", SearchOption.AllDirectories)[0]));
        using var uneven = new SCfaceOptions { Root = ".", TestSubjects = 2 }.Open(data);
        Assert.That(uneven.Notes,
            Has.Some.EqualTo("the distances have different numbers of pictures: 15 at 4.20 m, 14 at 2.60 m, 15 at 1.00 m"));
    }

    [Test]
    public void Empty_galleries_and_probes_are_refused()
    {
        Faces("faces", 3, 2);
        var faces = new IdentificationOptions { Faces = new FolderOptions { Path = "faces" } };
        Assert.That(() => (faces with { Enrolled = 2 })
            .Open(data), Throws.TypeOf<DataProblem>().With.Message.Contains("no identity has more than 2 images"));
        Assert.That(() => (faces with { Unenrolled = 0.99 })
            .Open(data), Throws.TypeOf<DataProblem>().With.Message.Contains("the gallery is empty"));
        Assert.That(() => (faces with { Unenrolled = 1 }).Open(data), Throws.TypeOf<DataProblem>().With.Message.Contains("unenrolled"));
        Assert.That(() => (faces with { DistractorCounts = [1] })
            .Open(data), Throws.TypeOf<DataProblem>().With.Message.Contains("without distractors"));
    }

    [Test]
    public void A_zero_embedding_is_refused_with_its_image()
    {
        Faces("faces", 3, 2);
        using var test = (IdentificationTest)new IdentificationOptions { Faces = new FolderOptions { Path = "faces" } }.Open(data);
        var embeddings = Embeddings(test);
        embeddings[3].Clear();
        Assert.That(() => test.Score(new TestEmbeddings(embeddings), default),
            Throws.TypeOf<DataProblem>().With.Message.Contains(test.Locate(3)));
    }

    [Test]
    public void TinyFace_is_read_by_folders_and_file_names()
    {
        Put("Testing_Set/Probe", "12_3.png", "7_1.png", "7_9.png");
        Put("Testing_Set/Gallery_Match", "7_2.png", "12_1.png", "12_2.png");
        Put("Testing_Set/Gallery_Distractor", "0001.png", "12_999.png");
        using var test = (IdentificationTest)new TinyFaceOptions { Root = "." }.Open(data);
        Assert.That((test.Name, test.ImageCount), Is.EqualTo(("TinyFace", 8)));
        Assert.That(test.Design.Enrolled.Select(test.ImageName),
            Is.EqualTo(new[] { "Gallery_Match/12_1.png", "Gallery_Match/12_2.png", "Gallery_Match/7_2.png" }));
        Assert.That(Enumerable.Range(0, 8).Select(test.PersonName), Is.EqualTo(new[] { "12", "7", "7", "12", "12", "7", null, null }));
        var scores = (IdentificationScores)test.Score(new TestEmbeddings(Embeddings(test)), default).Single();
        Assert.That(scores.MateCount, Is.EqualTo(new[] { 2, 1, 1 }), "a distractor is no identity, whatever its name");
        Assert.That(scores.Metrics().Select(metric => metric.Name), Is.EqualTo(new[] { "rank-1", "rank-5", "rank-20", "mAP" }));
        using var direct = new TinyFaceOptions { Root = "Testing_Set" }.Open(data);
        Assert.That(Hash(direct), Is.EqualTo(Hash(test)));
    }

    [Test]
    public void A_damaged_TinyFace_is_refused()
    {
        var options = new TinyFaceOptions { Root = "." };
        Put("Probe", "12_3.png");
        Assert.That(() => options.Open(data), Throws.TypeOf<DataProblem>().With.Message.Contains("Gallery_Match: no such folder"));
        Put("Gallery_Match", "13_3.png");
        Put("Gallery_Distractor");
        Assert.That(() => options.Open(data), Throws.TypeOf<DataProblem>().With.Message.Contains("no image in it"));
        Put("Gallery_Distractor", "1.png");
        Assert.That(() => options.Open(data), Throws.TypeOf<DataProblem>().With.Message.Contains("no image of 12 in Gallery_Match"));
        Put("Gallery_Match", "12-3.png");
        Assert.That(() => options.Open(data), Throws.TypeOf<DataProblem>().With.Message.Contains("12-3.png: its name does not begin"));
    }

    [Test]
    public void SCface_is_read_by_file_names_at_any_depth()
    {
        SCface(4);
        Put("mugshot", "001_L1.png", "readme_frontal.txt");
        Put("infrared", "001_cam6_1.png", "001_cam8.png");
        using var test = new SCfaceOptions { Root = ".", TestSubjects = 2, Draws = 3 }.Open(data);
        Assert.That(test.ImageCount, Is.EqualTo(4 + 4 * 5 * 3));
        Assert.That((test.ImageName(1), test.PersonName(1)), Is.EqualTo(("mugshot/002_frontal.png", "SCface-002")));
        var scores = test.Score(new TestEmbeddings(Embeddings(test)), default);
        Assert.That(scores.Select(score => score.Test), Is.EqualTo(new[] { "SCface 4.20 m", "SCface 2.60 m", "SCface 1.00 m" }));
        Assert.That(test.Parts, Is.EqualTo(scores.Select(score => score.Test)));
        Assert.That(((SubjectDrawScores)scores[0]).Similarity, Has.Length.EqualTo(4 * 5 * 4));
        Assert.That(scores[2].Metrics().Select(metric => metric.Value), Is.All.EqualTo(1));
        Assert.That(test.ScoreCount, Is.EqualTo(3 * 80));
    }

    [Test]
    public void A_damaged_SCface_is_refused()
    {
        var options = new SCfaceOptions { Root = "." };
        Assert.That(() => options.Open(data), Throws.TypeOf<DataProblem>().With.Message.Contains("0 mug shots"));
        SCface(3);
        Put("again", "002_cam1_1.png");
        Assert.That(() => options.Open(data), Throws.TypeOf<DataProblem>().With.Message.Contains("is the same picture, by its name"));
        File.Delete(folder.File(Path.Combine("again", "002_cam1_1.png")));
        File.Delete(folder.File(Path.Combine("mugshot", "002_frontal.png")));
        Assert.That(() => options.Open(data), Throws.TypeOf<DataProblem>().With.Message.Contains("there is no 002_frontal"));
        Assert.That(() => (options with { Root = "nowhere" })
            .Open(data), Throws.TypeOf<DataProblem>().With.Message.Contains("no such folder"));
    }

    private void Faces(string name, int people, int images)
    {
        for (var person = 0; person < people; person++)
            Put($"{name}/p{person}", [.. Enumerable.Range(0, images).Select(image => $"{image}.png")]);
    }

    private void SCface(int people)
    {
        for (var person = 1; person <= people; person++)
        {
            Put("mugshot", $"{person:000}_frontal.png");
            for (var distance = 1; distance <= 3; distance++)
                Put($"d{distance}", [.. Enumerable.Range(1, 5).Select(camera => $"{person:000}_cam{camera}_{distance}.png")]);
        }
    }

    private void Put(string below, params string[] names) => NamedFaces.Put(folder, below, names);
}
