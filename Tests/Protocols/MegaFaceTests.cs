using System.Text;
using System.Text.Json;
using Ablation.Harness.Embedding;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Kernels.Search;
using Ablation.Harness.Metrics;
using Ablation.Harness.Protocols;

namespace Ablation.Tests.Protocols;

[Parallelizable]
public sealed class MegaFaceTests
{
    private const string Probes =
        """{"id": ["A", "B", "A", 7, "B", "A"], "path": ["A/A_1.png", "B/B_1.png", "A/A_2.png", "C/C_1.png", "B/B 2.png", "A/A_3.png"]}""";
    private readonly MegaFaceOptions options = new()
    {
        ProbeList = "probes.json",
        Probes = "facescrub",
        DistractorList = "distractors.json",
        Distractors = "flickr"
    };
    private TemporaryFolder folder = null!;
    private DataRoot data = null!;

    [SetUp]
    public void Open()
    {
        data = new DataRoot((folder = new TemporaryFolder()).Path);
        foreach (var name in JsonDocument.Parse(Probes).RootElement.GetProperty("path").EnumerateArray())
            Put("facescrub", name.GetString()!);
        var distractors = Enumerable.Range(0, 12).Select(i => $"{i % 3}/{i}@N0_{i}.jpg").ToList();
        foreach (var name in distractors) Put("flickr", name);
        File.WriteAllText(folder.File("probes.json"), Probes);
        File.WriteAllText(folder.File("distractors.json"), JsonSerializer.Serialize(new { path = distractors }));
    }

    [TearDown]
    public void Close() => folder.Dispose();

    [Test]
    public void Each_probe_is_searched_per_mate_among_the_distractors()
    {
        using var test = (IdentificationTest)(options with { DistractorCounts = [2, 12] }).Open(data);
        Assert.That((test.Name, test.ImageCount, test.ImageName(4), test.ImageName(7)),
            Is.EqualTo(("MegaFace", 18, "probes/B/B 2.png", "distractors/1/1@N0_1.jpg")));
        Assert.That((test.PersonName(2), test.PersonName(3), test.PersonName(6)), Is.EqualTo(("A", "7", (string?)null)));
        var embeddings = new EmbeddingMatrix(18, 5);
        var random = new Random(3);
        foreach (ref var value in embeddings.Values.AsSpan()) value = random.NextSingle() - 0.5f;
        embeddings[2].CopyTo(embeddings[7]); // a distractor that ties with a mate ranks before it
        var scores = (IdentificationScores)test.Score(new TestEmbeddings(embeddings), default).Single();
        Assert.That(scores.MateCount, Is.EqualTo(new[] { 2, 1, 2, 0, 1, 2 }));
        Assert.That(scores.Metrics()
            .Select(metric => $"{metric.Name} ({metric.Estimator}) of {metric.N}"),
            Is.EqualTo(new[] { "rank-1 @ 2 distractors (each mate alone) of 8", "rank-1 @ 12 distractors (each mate alone) of 8" }));
        Assert.That(test.ScoreCount, Is.EqualTo(6 * 3 + 8 * 3 + 6 * 2));

        var unit = embeddings.Normalised(row => $"{row}");
        int[][] mates = [[2, 5], [4], [0, 5], [], [1], [0, 2]];
        var expected = new List<int>();
        for (var probe = 0; probe < 6; probe++)
        {
            foreach (var mate in mates[probe])
            {
                foreach (var level in new[] { 2, 12 })
                    expected.Add(Enumerable.Range(6, level).Count(other => Dot(probe, other) >= Dot(probe, mate)));
            }
        }

        Assert.That(scores.Before, Is.EqualTo(expected));
        double Dot(int a, int b) => TileProduct.Exact(unit[a], unit[b]);
    }

    [Test]
    public void The_default_numbers_of_distractors_are_the_usual_ones_that_exist()
    {
        using var test = (IdentificationTest)options.Open(data);
        Assert.That(test.Design.Levels, Is.EqualTo(new[] { 10 }));
        Assert.That(test.ImageCount, Is.EqualTo(16), "only searched images are embedded");
    }

    [Test]
    public void Noise_lists_may_name_images_in_all_usual_ways()
    {
        File.WriteAllBytes(folder.File("noise.txt"), [.. Encoding.UTF8.Preamble, .. "# comment\r\n\r\nA_2.png\r\nB 2\r\n"u8]);
        File.WriteAllText(folder.File("flickr.txt"), "0\t0/0@N0_0.jpg\n1/1@N0_1\n");
        using var test = (IdentificationTest)(options with { ProbeNoise = "noise.txt", DistractorNoise = "flickr.txt" }).Open(data);
        Assert.That(test.Name, Is.EqualTo("MegaFace (refined)"));
        Assert.That(test.Notes, Is.Empty);
        Assert.That(Enumerable.Range(0, 6)
            .Select(test.ImageName),
            Is.EqualTo(new[] { "probes/A/A_1.png", "probes/B/B_1.png", "probes/C/C_1.png", "probes/A/A_3.png", "distractors/2/2@N0_2.jpg",
                "distractors/0/3@N0_3.jpg" }));
        File.WriteAllText(folder.File("noise.txt"), "someone.png\n");
        Assert.That(() => (options with { ProbeNoise = "noise.txt" })
            .Open(data), Throws.TypeOf<DataProblem>().With.Message.Contains("none of its 1 names"));
        File.WriteAllText(folder.File("noise.txt"), "C_1\nsomeone\nnobody\n");
        using (var some = (options with { ProbeNoise = "noise.txt" }).Open(data))
            Assert.That(some.Notes, Is.EqualTo(new[] { "2 of the 3 names of noise.txt are no image of probes.json" }));
        File.WriteAllText(folder.File("noise.txt"), "A_1\nA_2\nB_1\n");
        Assert.That(() => (options with { ProbeNoise = "noise.txt" })
            .Open(data), Throws.TypeOf<DataProblem>().With.Message.Contains("no identity has two images"));
    }

    [Test]
    public void Pictures_that_are_searched_for_and_are_distractors_are_noted()
    {
        Put("facescrub", "extra.png");
        File.WriteAllText(folder.File("distractors.json"), JsonSerializer.Serialize(new { path = new[] { "A/A_1.png", "extra.png" } }));
        using var test = (options with { Distractors = "facescrub", DistractorCounts = [2] }).Open(data);
        Assert.That(test.Notes.Single(), Does.StartWith("1 distractors are pictures that are searched for too").And.Contain("A_1.png"));
    }

    [TestCase("", "(1): no JSON")]
    [TestCase("{\"path\": [\"a\",\n\"b\",\n }", "(3): no JSON")]
    [TestCase("[]", "no list \"path\"")]
    [TestCase("{\"path\": {}, \"id\": []}", "no list \"path\"")]
    [TestCase("{\"path\": [\"A/A_1.png\"]}", "no list \"id\"")]
    [TestCase("{\"path\": [\"A/A_1.png\"], \"id\": []}", "1 paths and 0 ids")]
    [TestCase("{\"path\": [], \"id\": []}", "the list is empty")]
    [TestCase("{\"path\": [\"A/A_1.png\", 3], \"id\": [1, 1]}", "path[1]: Number, a text is expected")]
    [TestCase("{\"path\": [\"\"], \"id\": [1]}", "path[0]: an empty text")]
    [TestCase("{\"path\": [\"A/A_1.png\"], \"id\": [null]}", "id[0]: Null")]
    [TestCase("{\"path\": [\"A/A_1.png\", \"A\\\\A_1.png\"], \"id\": [1, 1]}", "path[1]: A/A_1.png is already path[0]")]
    [TestCase("{\"path\": [\"../A_1.png\", \"A/A_2.png\"], \"id\": [1, 1]}", "path[0]: \"../A_1.png\" is no path below")]
    [TestCase("{\"path\": [\"/A_1.png\", \"A/A_2.png\"], \"id\": [1, 1]}", "is no path below")]
    [TestCase("{\"path\": [\"A/A_1.png\", \"A/A_9.png\"], \"id\": [1, 1]}", "it names A/A_9.png, and there is no ")]
    public void A_damaged_list_is_refused(string text, string says)
    {
        File.WriteAllText(folder.File("probes.json"), text);
        Assert.That(() => options.Open(data), Throws.TypeOf<DataProblem>().With.Message.Contains(says).And.Message.Contains("probes.json"));
    }

    [Test]
    public void A_randomly_damaged_list_is_read_or_refused_by_name([Range(0, 59)] int seed)
    {
        var random = new Random(seed);
        var bytes = Encoding.UTF8.GetBytes(Probes).ToList();
        for (var damage = random.Next(1, 4); damage > 0; damage--)
        {
            var at = random.Next(bytes.Count);
            if (seed % 4 == 0) bytes.RemoveRange(at, bytes.Count - at - 1);
            else if (seed % 4 == 1) bytes[at] = (byte)random.Next(256);
            else if (seed % 4 == 2) bytes.RemoveRange(at, Math.Min(bytes.Count - at, random.Next(1, 9)));
            else bytes.InsertRange(at, bytes.GetRange(0, at));
        }

        File.WriteAllBytes(folder.File("probes.json"), [.. bytes]);
        try
        {
            options.Open(data).Dispose();
        }
        catch (DataProblem problem)
        {
            Assert.That(problem.Where, Does.Contain("probes.json"));
        }
    }

    [TestCase("{\"path\": [\"\\ud800\"], \"id\": [1]}")]
    [TestCase("{\"path\": [\"\u00ff\"], \"id\": [1]}")]
    public void Text_that_is_not_Unicode_is_refused_with_its_place(string text)
    {
        File.WriteAllBytes(folder.File("probes.json"), Encoding.Latin1.GetBytes(text));
        Assert.That(() => options.Open(data),
            Throws.TypeOf<DataProblem>().With.Message.Contains("probes.json").And.Message.Contains("UTF-8"));
    }

    [Test]
    public void A_byte_order_mark_and_CRLF_are_accepted_and_missing_folders_named()
    {
        File.WriteAllBytes(folder.File("probes.json"),
            [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Probes.Replace(",", ",\r\n"))]);
        using var test = options.Open(data);
        Assert.That(test.ImageName(0), Is.EqualTo("probes/A/A_1.png"));
        foreach (var wrong in new[] { options with { ProbeList = "no.json" }, options with { Distractors = "no" },
            options with { ProbeNoise = "no.txt" } })
            Assert.That(() => wrong.Open(data), Throws.TypeOf<DataProblem>().With.Message.Contains("no such f"));
    }

    private void Put(string below, string name)
    {
        var path = folder.File(Path.Combine([below, .. name.Split('/')]));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, name);
    }
}
