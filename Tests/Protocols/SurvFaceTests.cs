using Ablation.Harness.Embedding;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;
using Ablation.Harness.Protocols;
using static Ablation.Tests.Protocols.NamedFaces;

namespace Ablation.Tests.Protocols;

/// <summary>QMUL-SurvFace: an open set by folders, and its figures.</summary>
public sealed class SurvFaceTests
{
    private TemporaryFolder folder = null!;
    private DataRoot data = null!;

    [SetUp]
    public void Open() => data = new DataRoot((folder = new TemporaryFolder()).Path);

    [TearDown]
    public void Close() => folder.Dispose();

    [Test]
    public void SurvFace_is_an_open_set_by_folders_and_file_names()
    {
        Put($"{SurvFaceOptions.Set}/gallery", "7_cam1_1.png", "12_cam2_1.png", "12_cam2_2.png");
        Put($"{SurvFaceOptions.Set}/mated_probe", "12_cam3_9.png", "7_cam3_2.png");
        Put($"{SurvFaceOptions.Set}/unmated_probe", [.. Enumerable.Range(0, 10).Select(i => $"{7 + i}_cam1_1.png")]);
        using var test = (IdentificationTest)new SurvFaceOptions { Root = "." }.Open(data);
        Assert.That((test.Name, test.ImageCount), Is.EqualTo(("QMUL-SurvFace", 15)));
        Assert.That(test.Design.Enrolled.Select(test.ImageName),
            Is.EqualTo(new[] { "gallery/12_cam2_1.png", "gallery/12_cam2_2.png", "gallery/7_cam1_1.png" }));
        Assert.That((test.PersonName(3), test.PersonName(5)), Is.EqualTo(("SurvFace-12", "SurvFace-unmated-10")));
        var scores = (IdentificationScores)test.Score(new TestEmbeddings(Embeddings(test)), default).Single();
        Assert.That(scores.MateCount, Is.EqualTo(new[] { 2, 1 }.Concat(Enumerable.Repeat(0, 10))),
            "nobody in the last folder is enrolled, whatever the number");
        Assert.That(scores.Metrics().Select(metric => metric.Name), Is.EqualTo(new[]
        {
            "rank-1", "rank-20", "mAP", "TPIR20@FPIR=0.3", "TPIR1@FPIR=0.3", "TPIR20@FPIR=0.2", "TPIR1@FPIR=0.2", "TPIR20@FPIR=0.1",
            "TPIR1@FPIR=0.1", "TPIR20@FPIR=0.01", "TPIR1@FPIR=0.01",
        }));
        Assert.That(new IdentificationScores(scores.Store()).Metrics(), Is.EqualTo(scores.Metrics()));
        using var direct = new SurvFaceOptions { Root = SurvFaceOptions.Set }.Open(data);
        Assert.That(Hash(direct), Is.EqualTo(Hash(test)));
    }

    [Test]
    public void A_hit_of_SurvFace_is_above_the_strangers_and_within_the_rank()
    {
        // five mated probes, ten strangers whose best scores are 0.1 to 1.0; three may be above the threshold at 0.3: 0.7 is the threshold
        int[] before = [0, 1, 25, 0, 0];
        double[] mate = [0.9, 0.8, 0.75, 0.7, 0.2];
        var scores = new IdentificationScores("open", MateRule.Any, [1, 1, 1, 1, 1, .. new int[10]], mate, before,
            [0.5, 0.85, 0.9, 0.1, 0.1, .. Enumerable.Range(1, 10).Select(i => i / 10.0)], [[1.0, 0.9, 0.8]], [], [1, 20])
        { FalsePositiveRates = [0.3, 0.01], Gallery = [100] };
        var figures = scores.Metrics().Where(metric => metric.Name.StartsWith("TPIR", StringComparison.Ordinal))
            .ToDictionary(metric => metric.Name, metric => metric.Value);
        Assert.That(figures["TPIR20@FPIR=0.3"], Is.EqualTo(2 / 5.0), "0.9 and 0.8; 0.75 is beyond rank 20, 0.7 is not above");
        Assert.That(figures["TPIR1@FPIR=0.3"], Is.EqualTo(1 / 5.0));
        Assert.That(figures["TPIR20@FPIR=0.01"], Is.Null, "a hundredth of ten strangers is nobody");
        var small = (scores with { Gallery = [12] }).Metrics().ToDictionary(metric => metric.Name, metric => metric.Value);
        Assert.That((small["rank-20"], small["TPIR20@FPIR=0.3"], small["TPIR1@FPIR=0.3"]),
            Is.EqualTo(((double?)null, (double?)null, 1 / 5.0)),
            "nobody is beyond rank 11 of a gallery of 12");
    }

    [Test]
    public void A_damaged_SurvFace_is_refused()
    {
        var options = new SurvFaceOptions { Root = "." };
        Put("gallery", "7_cam1_1.png");
        Put("mated_probe", "8_cam1_1.png");
        Assert.That(() => options.Open(data), Throws.TypeOf<DataProblem>().With.Message.Contains("unmated_probe: no such folder"));
        Put("unmated_probe", "9_cam1_1.png");
        Assert.That(() => options.Open(data), Throws.TypeOf<DataProblem>().With.Message.Contains("no image of 8 in gallery"));
    }

    private void Put(string below, params string[] names) => NamedFaces.Put(folder, below, names);
}
