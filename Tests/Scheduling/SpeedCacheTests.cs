using Ablation.Experiments.Scheduling;
using Ablation.Harness.Native;
using Ablation.Harness.Planning;
using Ablation.Losses;
using Ablation.Tests.Training;
using static TorchSharp.torch;

namespace Ablation.Tests.Scheduling;

/// <summary>A speed is measured once per case; a damaged or unwritable file does no harm.</summary>
public sealed class SpeedCacheTests
{
    private static readonly TrainingCase Case = Tiny.TrainingCase(Tiny.Spec(new SoftmaxOptions()), 8, CPU, 1);
    private TemporaryFolder folder = null!;
    private int measured;

    [SetUp]
    public void Make() => (folder, measured) = (new TemporaryFolder(), 0);

    [TearDown]
    public void Remove() => folder.Dispose();

    [Test]
    public void A_known_speed_is_not_measured_again()
    {
        Assert.That(Ask(Case), Is.EqualTo(1.5));
        Assert.That(Ask(Case), Is.EqualTo(1.5));
        Assert.That(Ask(Tiny.TrainingCase(Tiny.Spec(new SoftmaxOptions(), seed: 4), 8, CPU, 1)), Is.EqualTo(1.5), "equal by content");
        Assert.That(measured, Is.EqualTo(1));
    }

    [Test]
    public void Fresh_measures_again_and_stores_the_result()
    {
        Ask(Case);
        Assert.That(Ask(Case, isFresh: true), Is.EqualTo(2.5));
        Assert.That(Ask(Case), Is.EqualTo(2.5));
    }

    [Test]
    public void Another_case_kind_or_card_is_measured_separately()
    {
        double[] speeds =
        [
            Ask(Case), Ask(Case with { Threads = 2 }), Ask(Case with { Classes = 9 }), Ask(Case with { Loss = new ArcFaceOptions() }),
            Ask(Case, new GraphicsCard("one", "1", "GPU-a")), Ask(Case, new GraphicsCard("two", "1", "GPU-a")),
                Ask(new EmbeddingCase(Case.Backbone, 16, "cpu", 1)),
        ];
        Assert.That(speeds, Is.Unique);
        Assert.That(Ask(Case, new GraphicsCard("one", "2", "GPU-b")), Is.EqualTo(speeds[4]), "a card of the same kind");
    }

    [TestCase("")]
    [TestCase("{ \"perSecond\": 3")]
    [TestCase("{ \"perSecond\": 0, \"measured\": \"2026-11-25T20:00:00+00:00\" }")]
    [TestCase("{ \"perSecond\": -4, \"measured\": \"2026-11-25T20:00:00+00:00\" }")]
    [TestCase("null")]
    [TestCase("{ \"other\": 3 }")]
    public void A_damaged_file_is_measured_and_written_again(string content)
    {
        Ask(Case);
        File.WriteAllText(Directory.GetFiles(folder.Path).Single(), content);
        Assert.That(Ask(Case), Is.EqualTo(2.5));
        Assert.That(Ask(Case), Is.EqualTo(2.5));
    }

    [Test]
    public void A_folder_that_cannot_be_written_is_reported_and_the_speed_is_returned()
    {
        File.WriteAllText(folder.File("taken"), "a file");
        var cache = new SpeedCache(folder.File("taken"));
        Assert.That(cache.GetOrMeasure(Case, null, () => 3), Is.EqualTo(3));
        Assert.That(cache.Problem, Does.StartWith(folder.File("taken")).And.Contains("ABLATION_CACHE"));
        Assert.That(new SpeedCache(folder.Path).Problem, Is.Null);
    }

    private double Ask<TCase>(TCase one, GraphicsCard? gpu = null, bool isFresh = false) where TCase : class =>
        new SpeedCache(folder.Path, isFresh).GetOrMeasure(one, gpu, () => ++measured + 0.5);
}
