using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Experiments.Tuning;
using Ablation.Harness.Faces.Synthetic;
using Ablation.Harness.Metrics;
using Ablation.Losses;
using Ablation.Tests.Scheduling;
using Ablation.Tests.Store;

namespace Ablation.Tests.Tuning;

/// <summary>
/// Two tuned losses, and a store of generated tuning trials whose validation figure is given by an objective.
/// </summary>
internal sealed class SearchedSuite : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public SearchedSuite() => Store = new ResultStore(folder.Path);

    public Suite Suite { get; init; } = TinySuite.Of(new ArcFaceOptions { Scale = 8 }, new NptOptions()) with
    {
        Name = "searched",
        Data = [new SyntheticOptions { Identities = 40, ImagesPerIdentity = 6, Resolution = 32 }],
        Trainings = [TinySuite.Training with { Epochs = 9 }],
        Seeds = [1, 2],
        Tune = Tune,
    };

    public static TuneOptions Tune => new()
    {
        Trials = 6,
        ValidationShare = 0.5,
        Pairs = 40,
        Metric = TuneMetric.Auc,
        Seeds = [11],
        Space = new Dictionary<string, IReadOnlyDictionary<string, TuneRange>>
        {
            ["*"] = new Dictionary<string, TuneRange> { ["training.learningRate"] = new() { From = 0.01, To = 1, Log = true } },
            ["ArcFace"] = new Dictionary<string, TuneRange>
            {
                ["scale"] = new() { From = 8, To = 64, Log = true },
                ["marginRadians"] = new() { From = 0, To = 0.6 }
            },
            ["Npt"] = new Dictionary<string, TuneRange> { ["k"] = new() { From = 1, To = 12 } },
        },
    };

    public ResultStore Store { get; }

    public ResultStore TuningStore => TuningPlan.StoreOf(Store);

    public TuningPlan Plan => TuningPlan.Build(Suite);

    public TuningState State => TuningState.Read(Plan, TuningStore);

    public string ChoicePath => Path.Combine(TuningStore.Folder, TuningChoice.FileName);

    /// <summary>Ends every trial of every round; without a figure it has diverged.</summary>
    public TuningState Finish(Func<TuningTrial, double?> objective)
    {
        while (State is { IsThrough: false } state)
            foreach (var trial in state.Trials.Where(trial => !trial.IsSettled)) Save(trial, objective(trial));
        return State;
    }

    public void Save(TuningTrial trial, double? figure)
    {
        var made = ExampleOutput.Of(trial.Plan.Spec, trial.Plan.Label, 1);
        TuningStore.Save(figure is null ? ExampleOutput.Diverged(trial.Plan.Spec, trial.Plan.Label)
            : made with
            {
                Result = made.Result with
                {
                    Metrics = [new Metric("validation", "AUC", "ties by half", figure, null, 40),
                new Metric("validation", "accuracy", "10-fold, exact", 1 - figure, null, 40)]
                }
            });
    }

    public TuningChoice Choose()
    {
        var choice = TuningDecision.Make(State);
        AtomicFile.Write(ChoicePath, choice.Write());
        return choice;
    }

    /// <summary>Ends the suite's trials with generated scores.</summary>
    public Suite FinishSuite()
    {
        var suite = ChoiceFile.Apply(Suite, Store);
        foreach (var (i, trial) in suite.Trials().Index()) if (!Store.Has(trial.Spec.Id()))
            Store.Save(ExampleOutput.Of(trial.Spec, trial.Label, i));
        return suite;
    }

    public void Dispose() => folder.Dispose();
}
