using Ablation.Harness;
using Ablation.Harness.Foundations;
using Ablation.Losses;
using Ablation.Tests.Losses;
using Ablation.Tests.Metrics;

namespace Ablation.Tests.Training;

/// <summary>Trials of one seed differ only in the loss; the same trial gives the same bytes.</summary>
public sealed class PairedSeedsTests
{
    [Test]
    public void Every_loss_starts_from_the_same_weights_proxies_and_batches()
    {
        var pairings = LossCases.Found()
            .Select(loss => Tiny.Run(Tiny.Spec(loss) with { Training = Tiny.Training with { Epochs = 1 } }).Result.Pairing).ToList();
        Assert.That(pairings, Has.Count.GreaterThan(9));
        Assert.That(pairings.Distinct().Count(), Is.EqualTo(1));
        Assert.That(pairings[0].Batches, Is.Not.Null);
    }

    [Test]
    public void Random_numbers_drawn_by_a_loss_do_not_shift_other_draws()
    {
        var (plain, greedy) = (Tiny.Run(Tiny.Spec(new DroppedInOptions())), Tiny.Run(Tiny.Spec(new DroppedInOptions { Draws = 7 })));
        Assert.That(greedy.Result.Pairing, Is.EqualTo(plain.Result.Pairing));
        Assert.That(greedy.History.Select(point => point.Loss), Is.EqualTo(plain.History.Select(point => point.Loss)),
            "including dropout masks");
    }

    [Test]
    public void Another_seed_changes_weights_proxies_and_batches()
    {
        var (first, second) = (Tiny.Run(Tiny.Spec(new NptOptions(), seed: 1)).Result.Pairing,
            Tiny.Run(Tiny.Spec(new NptOptions(), seed: 2)).Result.Pairing);
        Assert.Multiple(() =>
        {
            Assert.That(second.Weights, Is.Not.EqualTo(first.Weights));
            Assert.That(second.Proxies, Is.Not.EqualTo(first.Proxies));
            Assert.That(second.Batches, Is.Not.EqualTo(first.Batches));
        });
    }

    [Test]
    public void The_same_trial_gives_the_same_scores_and_history()
    {
        var first = Tiny.Run(Tiny.Spec(new ArcFaceOptions { Scale = 8 }));
        var second = Tiny.Run(Tiny.Spec(new ArcFaceOptions { Scale = 8 }));
        Assert.That(second.History.Select(point => point.Loss), Is.EqualTo(first.History.Select(point => point.Loss)));
        Assert.That(second.Pairs().SquaredDistance, Is.EqualTo(first.Pairs().SquaredDistance));
    }

    [Test]
    public void Training_changes_the_scores_and_the_loss_falls()
    {
        var untrained = Tiny.Run(Tiny.Spec(new NptOptions(), training: Tiny.Training with { Epochs = 0 }));
        var trained = Tiny.Run(Tiny.Spec(new NptOptions(), training: Tiny.Training with { Epochs = 12 }));
        Assert.That(trained.Pairs().SquaredDistance, Is.Not.EqualTo(untrained.Pairs().SquaredDistance));
        Assert.That(trained.History[^1].Loss, Is.LessThan(0.8 * trained.History[0].Loss));
        Assert.That(untrained.Result.FinalLoss, Is.Null);
        Assert.That(untrained.Result.Pairing.Weights, Is.EqualTo(trained.Result.Pairing.Weights));
    }

    [Test]
    public void The_id_depends_on_every_part_of_the_specification()
    {
        var spec = Tiny.Spec(new NptOptions());
        var others = new[]
        {
            spec with { Seed = 2 }, spec with { Resolution = 32 }, spec with { Loss = new NptOptions { K = 2 } },
                spec with { Loss = new ArcFaceOptions() },
            spec with { Training = Tiny.Training with { LearningRate = 0.2 } }, spec with { Tests = [] },
        };
        Assert.That(spec.Id(), Is.EqualTo(Tiny.Spec(new NptOptions()).Id()).And.Length.EqualTo(12));
        Assert.That(others.Select(other => other.Id()).Append(spec.Id()).Distinct().Count(), Is.EqualTo(others.Length + 1));
        Assert.That(SpecJson.Read<TrialSpec>(SpecJson.Write(spec)).Id(), Is.EqualTo(spec.Id()), "it reads back from the file");
    }
}
