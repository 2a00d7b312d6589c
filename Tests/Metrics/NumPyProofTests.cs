using Ablation.Harness;
using Ablation.Harness.Batches;
using Ablation.Harness.Embedding;
using Ablation.Harness.Faces;
using Ablation.Harness.Metrics;
using Ablation.Harness.Networks;
using Ablation.Harness.Protocols;
using Ablation.Losses;
using Ablation.Tests.Training;
using static TorchSharp.torch;

namespace Ablation.Tests.Metrics;

/// <summary>Every figure against an independent script, on all of LFW and CFP and on generated sets full of ties and copies.</summary>
[Category("Slow")]
public sealed class NumPyProofTests
{
    private static readonly Lazy<Backbone> Trained = new(Train);
    private const double Close = 1e-6; // a single pair or probe moves every figure by more

    [TestCase("pixels")]
    [TestCase("trial")]
    public void LFW(string embedder)
    {
        var (images, pairs) = (RealData.Path(Path.Combine("lfw112", "Images")),
            RealData.Path(Path.Combine("lfw112", "protocol", "pairs.txt")));
        var extension = Path.GetExtension(Directory.EnumerateFiles(images, "*", SearchOption.AllDirectories).First());
        using var test = new LfwPairsOptions
        {
            Images = images,
            Pairs = pairs,
            Extension = extension,
            Convention = "mean-centred-arccos"
        }.Open(new DataRoot("."));
        Assert.That(test.Pairs, Has.Count.EqualTo(6000));
        Compare(test, Embed(test, embedder), "lfw", pairs, extension);
    }

    [Test]
    public void CFP([Values("FF", "FP")] string protocol, [Values("pixels", "trial")] string embedder)
    {
        var root = RealData.Path("cfp112");
        using var test = new CfpOptions
        {
            Root = root,
            Protocol = Enum.Parse<CfpProtocol>(protocol),
            Convention = "mean-centred-arccos"
        }.Open(new DataRoot("."));
        Assert.That(test.Pairs, Has.Count.EqualTo(7000));
        Compare(test, Embed(test, embedder), "cfp", root, protocol);
    }

    [Test]
    public void Generated_sets_with_many_ties_and_copies_of_images([Range(1, 12)] int seed)
    {
        using var folder = new TemporaryFolder();
        using var test = MadeUpPairs.Of(folder, seed, persons: 6 + seed, imagesEach: 4, pairs: 90 + 17 * seed);
        Compare(test, MadeUpPairs.FewValues(test, seed), "list", folder.File("pairs.tsv"));
    }

    private static EmbeddingMatrix Embed(FaceTest test, string embedder)
    {
        using ImageEmbedder embeds = embedder == "pixels"
            ? new PixelEmbedder() : new NetworkEmbedder(Trained.Value, 16, CPU, weights: null);
        return Embedder.Embed(embeds, test, new BatchOptions { BatchSize = 256 }, cache: null, default).Sum;
    }

    /// <summary>Loads the network of a trial from its weights.</summary>
    private static Backbone Train()
    {
        using var folder = new TemporaryFolder();
        var output = Trial.Run(Tiny.Spec(new ArcFaceOptions { Scale = 8 }), "ArcFace", Tiny.Place,
            new TrialControl(Weights: folder.File(TrialWeights.FileName)), CancellationToken.None);
        return TrialWeights.Load(output.Result, folder.Path);
    }

    private static void Compare(PairProtocol test, EmbeddingMatrix embeddings, params string[] protocol)
    {
        var theirs = NumPyScript.Figures(test, embeddings, protocol);
        var scores = (PairScores)test.Score(new TestEmbeddings(embeddings), default)[0];
        var ours = scores.AllMetrics(0, 0).ToDictionary(metric => (metric.Name, metric.Estimator));
        var ranks = OneGallery.Search(test, embeddings)?.Metrics().ToDictionary(metric => metric.Name, metric => metric.Value);
        Assert.Multiple(() =>
        {
            Assert.That(theirs["pairs"], Is.EqualTo(test.Pairs.Count));
            foreach (var (script, estimator) in new[]
            {
                ("10-fold grid", $"{scores.Folds}-fold, grid"), ("10-fold exact", $"{scores.Folds}-fold, exact"),
                    ("whole-set", "whole-set"),
                ("mean-centred arccos", $"{scores.Folds}-fold, mean-centred arccos"),
            })
            {
                Same($"accuracy {script}", ours[("accuracy", estimator)].Value);
                Same($"deviation {script}", ours[("accuracy", estimator)].FoldDeviation);
            }

            Same("accuracy argmax-youden", ours[("accuracy", "argmax-youden")].Value);
            foreach (var estimator in new[] { "conservative", "nearest", "interpolated" })
            {
                for (var power = 1; power <= 6; power++)
                    Same($"TAR 1e-{power} {estimator}", ours.GetValueOrDefault(($"TAR@FAR=1e-{power}", estimator))?.Value);
            }

            Same("EER", ours[("EER", "interpolated")].Value);
            Same("AUC", ours[("AUC", "ties by half")].Value);
            foreach (var k in new[] { 1, 5, 10 }) Same($"rank-{k}", ranks?[$"rank-{k}"]);
        });
        if (protocol[0] != "list")
            TestContext.Out.WriteLine(string.Join("\n",
                ours.Values.Select(metric => $"{metric.Name} ({metric.Estimator}) {metric.Value:P2}")));

        void Same(string figure, double? value)
        {
            Assert.That(theirs, Contains.Key(figure));
            if (theirs[figure] is not { } expected) Assert.That(value, Is.Null, figure);
            else Assert.That(value, Is.EqualTo(expected).Within(Close), figure);
        }
    }
}
