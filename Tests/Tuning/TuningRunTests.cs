using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Scheduling.Pool;
using Ablation.Experiments.Suites;
using Ablation.Experiments.Tuning;
using Ablation.Losses;
using Ablation.Tests.Scheduling;
using Ablation.Tests.Scheduling.Pool;
using Ablation.Tests.Training;

namespace Ablation.Tests.Tuning;

/// <summary>A search with trainings of a fraction of a second: it resumes after a kill with the same choice.</summary>
[Category("Slow")]
public sealed class TuningRunTests
{
    private static readonly Suite Suite = new SearchedSuite().Suite with
    {
        Trainings = [TinySuite.Training with { Epochs = 2 }],
        Tune = SearchedSuite.Tune with { Method = TuneMethod.SuccessiveHalving, Trials = 4, Reduction = 2 },
    };

    [Test]
    public void A_stopped_search_resumes_and_makes_the_same_choice()
    {
        using var whole = new SearchedSuite { Suite = Suite };
        Assert.That(Run(whole, out var lines), Is.Not.Null);
        Assert.That(lines.Where(line => line.StartsWith("tuning, round", StringComparison.Ordinal))
            .Select(line => line.Split(';')[0]), Is.EqualTo(new[]
        {
            "tuning, round 1 of 2: 4 configurations of each of 2 losses, 1 epochs",
                "tuning, round 2 of 2: 2 configurations of each of 2 losses, 2 epochs",
        }));
        Assert.That(lines.Count(line => line.StartsWith("end ", StringComparison.Ordinal)), Is.EqualTo(12));
        var choice = File.ReadAllText(whole.ChoicePath);
        Assert.That(Directory.GetFiles(whole.TuningStore.Folder, "weights.bin", SearchOption.AllDirectories), Is.Empty);

        using var stopped = new SearchedSuite { Suite = Suite };
        using var cancel = new CancellationTokenSource();
        Assert.That(() => Run(stopped, out _, cancel.Token, trial => { if (trial.Label == "Npt, draw 2, 1 epochs") cancel.Cancel(); }),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(stopped.ChoicePath, Does.Not.Exist);
        var done = stopped.State.Trials.Count(trial => trial.Result is not null);
        Assert.That(Run(stopped, out var rest), Is.Not.Null);
        Assert.That(rest.Count(line => line.StartsWith("end ", StringComparison.Ordinal)), Is.EqualTo(12 - done),
            "nothing is trained twice");
        Assert.That(File.ReadAllText(stopped.ChoicePath), Is.EqualTo(choice));

        File.Delete(stopped.ChoicePath); // killed before it was written
        Assert.That(Run(stopped, out var nothing), Is.Not.Null);
        Assert.That(nothing.Where(line => line.StartsWith("start", StringComparison.Ordinal)), Is.Empty);
        Assert.That(File.ReadAllText(stopped.ChoicePath), Is.EqualTo(choice));
    }

    [Test]
    public void Configurations_whose_training_fails_are_not_judged_and_do_not_stop_the_search()
    {
        using var searched = new SearchedSuite
        {
            Suite = Suite with
            {
                Losses = [new NptOptions()],
                Tune = SearchedSuite.Tune with
                {
                    // more nearest proxies than there are for 20 identities: all but the suite's setting fail
                    Trials = 3,
                    Space = new Dictionary<string, IReadOnlyDictionary<string, TuneRange>>
                    {
                        ["Npt"] =
                        new Dictionary<string, TuneRange> { ["k"] = new() { From = 50, To = 60 } }
                    },
                },
            },
        };
        var choice = Run(searched, out var lines)!;
        Assert.That(lines.Count(line => line.StartsWith("stopped Npt", StringComparison.Ordinal)), Is.EqualTo(2));
        Assert.That((choice.Losses[0].Draw, choice.Losses[0].Budget.WithoutFigure, choice.Losses[0].Budget.Trainings),
            Is.EqualTo((0, 2, 3)));
        Assert.That((choice.Losses[0].Budget.Failed, choice.Losses[0].Budget.NotJudged), Is.EqualTo((2, new[] { 1, 2 })));
        Assert.That(lines, Has.Exactly(1)
            .EqualTo("NOT COMPLETE: Npt was chosen among 1 of 3 configurations: 2 of its trainings failed, so draw 1, 2 was not judged"));
        Assert.That(searched.Plan.DataProblems(new(new(".")))
            .First(), Does.StartWith("tune: Npt, draw 1: ").And.Contains("Npt: k = 5").And.Contains("with 20 identities"),
            "reported before anything runs");
    }

    private static TuningChoice? Run(SearchedSuite searched, out List<string> lines, CancellationToken cancel = default,
        Action<PlannedTrial>? onStart = null)
    {
        var view = new RecordingView(onStart);
        lines = view.Lines;
        return new TuningRun(searched.Plan, searched.Store, new ProcessSettings(".", "cpu", 1),
            (trials, store) =>
                new LocalPool(TinyPool.OneJob, new InProcessStarter(Tiny.Place),
                    TrialEstimates.Estimate(trials, store, Tiny.Place, _ => null), view), view.WriteLine).Run(cancel, out _);
    }
}
