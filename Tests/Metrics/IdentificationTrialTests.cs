using Ablation.Experiments.Store;
using Ablation.Harness.Faces.Synthetic;
using Ablation.Harness.Metrics;
using Ablation.Harness.Protocols;
using Ablation.Losses;
using Ablation.Tests.Training;

namespace Ablation.Tests.Metrics;

/// <summary>From pictures through a network to figures, which are computed again from the stored scores.</summary>
public sealed class IdentificationTrialTests
{
    [Test]
    public void Stored_scores_of_a_trial_give_the_same_figures()
    {
        var spec = Tiny.Spec(new ArcFaceOptions()) with
        {
            Tests =
            [
                new IdentificationOptions
                {
                    Faces = new SyntheticOptions { Identities = 12, ImagesPerIdentity = 3, Resolution = 32, Seed = 5 },
                    Distractors = new SyntheticOptions { Identities = 10, ImagesPerIdentity = 2, Resolution = 32, Seed = 6 },
                    DistractorCounts = [5, 20],
                    Unenrolled = 0.5,
                    Name = "people",
                },
            ],
        };
        var output = Tiny.Run(spec);
        var rank = output.Result.Metrics.Where(metric => metric.Name.StartsWith("rank-1 ", StringComparison.Ordinal)).ToList();
        Assert.That(rank.Select(metric => metric.Name), Is.EqualTo(new[] { "rank-1 @ 5 distractors", "rank-1 @ 20 distractors" }));
        Assert.That(rank.Select(metric => metric.Value), Is.All.InRange(0, 1).And.Not.Null);
        Assert.That(output.Result.Metrics.Count(metric => metric.Name.StartsWith("FNIR@FPIR=0.1", StringComparison.Ordinal)
            && metric.Value is not null), Is.EqualTo(4), "18 non-mated probes");

        using var folder = new TemporaryFolder();
        ScoresFile.Write(folder.File("scores.npz"), output.Scores.Single());
        Assert.That(ScoresFile.Read(folder.File("scores.npz"), "people").Metrics(), Is.EqualTo(output.Result.Metrics));
        Assert.That(Tiny.Run(spec).Result.Metrics, Is.EqualTo(output.Result.Metrics));
    }
}
