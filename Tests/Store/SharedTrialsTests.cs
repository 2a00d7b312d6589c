using Ablation.Experiments.Store;
using Ablation.Tests.Scheduling;

namespace Ablation.Tests.Store;

/// <summary>A trial that another suite has finished is copied in place of being trained.</summary>
public sealed class SharedTrialsTests
{
    private readonly List<string> said = [];
    private HandMadeSuite made = null!;

    [SetUp]
    public void Make()
    {
        said.Clear();
        made = new HandMadeSuite();
        made.Finish("Softmax", 1);
        made.Finish("ArcFace", 1);
    }

    [TearDown]
    public void Remove() => made.Dispose();

    private ResultStore Second => new(Path.Combine(Path.GetDirectoryName(made.Store.Folder)!, "second"));

    private string Softmax => made.Id("Softmax", 1);

    [Test]
    public void What_another_suite_has_is_taken_byte_for_byte()
    {
        Assert.That(SharedTrials.Foreseen(SharedTrials.Find(made.Trials, Second)),
            Is.EqualTo(new[] { "2 trials finished in made: taken from there, not trained" }));
        SharedTrials.Take(made.Trials, Second, said.Add);
        Assert.That(said, Is.EqualTo(new[] { "2 trials taken from made, where the same trials are finished" }));
        foreach (var file in Directory.GetFiles(made.Store.TrialFolder(Softmax)))
            Assert.That(File.ReadAllBytes(Path.Combine(Second.TrialFolder(Softmax), Path.GetFileName(file))),
                Is.EqualTo(File.ReadAllBytes(file)));
        Assert.That(made.Trials.Count(trial => Second.Has(trial.Spec.Id())), Is.EqualTo(2), "no other");
        said.Clear();
        SharedTrials.Take(made.Trials, Second, said.Add);
        Assert.That(said, Is.Empty, "nothing is missing that another has");
    }

    [Test]
    public void A_trial_that_is_there_is_not_replaced()
    {
        var plan = made.Plan("Softmax", 1);
        Second.Save(ExampleOutput.Of(plan.Spec, "Softmax", 99));
        SharedTrials.Take(made.Trials, Second, said.Add);
        Assert.That(said, Is.EqualTo(new[] { "1 trial taken from made, where the same trial is finished" }));
        Assert.That(Second.Load(Softmax)!.FinalLoss, Is.Not.EqualTo(made.Store.Load(Softmax)!.FinalLoss));
    }

    [Test]
    public void A_damaged_one_is_named_and_left_to_be_trained()
    {
        File.AppendAllText(Path.Combine(made.Store.TrialFolder(Softmax), "history.csv"), "1");
        SharedTrials.Take(made.Trials, Second, said.Add);
        Assert.That(said, Has.Count.EqualTo(2).And.Some.StartsWith("not taken from made: Softmax, seed 1: "));
        Assert.That((Second.Has(Softmax), Second.Has(made.Id("ArcFace", 1))), Is.EqualTo((false, true)));
    }
}
