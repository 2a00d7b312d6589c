namespace Ablation.Tests.Keeping;

/// <summary>--where chooses by keys, patterns and settings, and answers a slip.</summary>
[Parallelizable]
public sealed class TrialFilterTests
{
    private KeptSuites kept = null!;

    [SetUp]
    public void Make() => kept = new KeptSuites();

    [TearDown]
    public void Remove() => kept.Dispose();

    [TestCase("loss=softmax", "Softmax 1")]
    [TestCase("loss=*f*a*", "ArcFace 1,ArcFace 2,Softmax 1")]
    [TestCase("loss=ArcFace,seed=1", "ArcFace 1")]
    [TestCase("seed=1,seed=2,loss!=untrained", "ArcFace 1,ArcFace 2,Softmax 1")]
    [TestCase("loss!=ArcFace,loss!=untrained", "Softmax 1")]
    [TestCase("state=diverged", "ArcFace 2")]
    [TestCase("state=interrupted", "untrained 1")]
    [TestCase("losses.scale=8.0", "ArcFace 1,ArcFace 2")]
    [TestCase("losses.scale!=8", "Softmax 1,untrained 1")]
    [TestCase("suite=made,px=16,network=Small*,seed=2", "ArcFace 2")]
    [TestCase("suite=other", "")]
    [TestCase("tag=*", "")]
    public void Clauses_choose(string where, string expected) =>
        Assert.That(string.Join(',', kept.Where(where)), Is.EqualTo(expected));

    [Test]
    public void Several_texts_must_all_fit() => Assert.That(kept.Where("loss=Arc*", "seed=2"), Is.EqualTo(new[] { "ArcFace 2" }));

    [Test]
    public void An_id_chooses_its_trial() =>
        Assert.That(kept.Where($"id={kept.Made.Id("Softmax", 1)}"), Is.EqualTo(new[] { "Softmax 1" }));

    [TestCase("los=Npt", "--where los: no such key; did you mean loss?")]
    [TestCase("trainings.epoch=1", "--where trainings.epoch: no such key; did you mean trainings.epochs?")]
    [TestCase("loss", "--where loss: not a choice; write key=value")]
    [TestCase("=1", "--where =1: not a choice")]
    public void A_slip_is_answered(string where, string message) =>
        Assert.That(() => kept.Where(where).ToList(), Throws.ArgumentException.With.Message.StartsWith(message));
}
