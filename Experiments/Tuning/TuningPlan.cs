using System.Security.Cryptography;
using System.Text;
using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Protocols;
using Ablation.Harness.Training;

namespace Ablation.Experiments.Tuning;

/// <summary>A loss of a search and its configurations; a draw's number is its index in the list.</summary>
public sealed record SearchedLoss(string Label, IReadOnlyList<Configuration> Configurations);

/// <summary>
/// The trials of a suite's <c>tune</c> block: ordinary trials that train on one part of the training set's identities and are tested on
/// pairs of the other part.
/// </summary>
public sealed class TuningPlan
{
    private readonly Condition condition;
    private readonly IReadOnlyList<ProtocolOptions> suiteTests;

    private TuningPlan(Suite suite, TuneOptions tune)
    {
        (Tune, condition, SuiteSeeds, suiteTests) = (tune, suite.Conditions()[0], suite.Seeds, suite.Tests);
        Rungs = Halving.Rungs(tune, condition.Training.Epochs);
        Losses = [.. Labels.Of(suite.Losses).Zip(suite.Losses, (label, loss) =>
            new SearchedLoss(label, new SearchSpace(tune, loss, label, condition.Training).Draw(tune.Trials, tune.Seed)))];
        var training = new HeldOutOptions { Of = condition.Data, Share = tune.ValidationShare, Seed = tune.Seed };
        Validation = suite with
        {
            Name = $"{suite.Name}, tuning",
            Data = [training],
            Tables = null,
            Figures = null,
            Tests = [new DrawnPairsOptions { Of = training with { Held = true }, Pairs = tune.Pairs, Folds = TuneOptions.Folds,
                Seed = tune.Seed }],
            Seeds = tune.Seeds,
            Untrained = false,
            Tune = null,
            Tuned = null,
        };
    }

    /// <exception cref="SuiteException">A space has fewer configurations than requested.</exception>
    /// <param name="suite">With a <c>tune</c> block that satisfies <see cref="TuneRules"/>.</param>
    public static TuningPlan Build(Suite suite) =>
        new(suite, suite.Tune ?? throw new ArgumentException($"{suite.Name}: no tune block", nameof(suite)));

    /// <summary>Returns the store of the tuning trials, separate from the trials of the suite.</summary>
    public static ResultStore StoreOf(ResultStore suite) => new(Path.Combine(suite.Folder, SuiteFolders.Tuning));

    public TuneOptions Tune { get; }

    /// <summary>Seeds of the trials after the choice; tuning uses none of them.</summary>
    public IReadOnlyList<int> SuiteSeeds { get; }

    public IReadOnlyList<Rung> Rungs { get; }

    public IReadOnlyList<SearchedLoss> Losses { get; }

    /// <summary>The suite with the split training set as data and test, which all tuning trials share.</summary>
    public Suite Validation { get; }

    /// <summary>Returns one training.</summary>
    /// <param name="loss">Index in <see cref="Losses"/>.</param>
    /// <param name="rung">Index in <see cref="Rungs"/>.</param>
    public PlannedTrial Trial(int loss, int draw, int rung, int seed)
    {
        var configuration = Losses[loss].Configurations[draw];
        var epochs = Rungs.Count == 1 ? "" : $", {Rungs[rung].Epochs} epochs";
        return new PlannedTrial(new TrialSpec(configuration.Loss, condition.Backbone, condition.Resolution, Validation.Data[0],
            Tune.Oracle && rung == Rungs.Count - 1 ? [.. Validation.Tests, .. suiteTests] : Validation.Tests,
            Over(configuration.Training, Rungs[rung].Epochs), seed),
            $"{Losses[loss].Label}, draw {draw}{epochs}", condition);
    }

    /// <summary>
    /// Shortens a training: warm-up, schedule and rules shrink with it, so that each round ends at the same learning rate as a full
    /// training.
    /// </summary>
    public static TrainingOptions Over(TrainingOptions training, int epochs)
    {
        if (epochs == training.Epochs) return training;
        var share = (double)epochs / training.Epochs;
        return training with
        {
            Epochs = epochs,
            WarmUpEpochs = training.WarmUpEpochs * share,
            Schedule = training.Schedule.Over(share),
            Stop = training.Stop is { } stop ? stop with { ChanceEpochs = stop.ChanceEpochs * share } : null,
        };
    }

    /// <summary>
    /// Returns as many trials as there will be, for an estimate. The draws of later rounds are not known yet, so the first ones represent
    /// them.
    /// </summary>
    public IReadOnlyList<PlannedTrial> StandIns()
    {
        // one object per round, since plans group by condition
        var rounds = Rungs.Select(rung => condition with { Training = Over(condition.Training, rung.Epochs), Name = null }).ToList();
        return
        [
            .. from rung in Enumerable.Range(0, Rungs.Count)
               from loss in Enumerable.Range(0, Losses.Count)
               from draw in Enumerable.Range(0, Rungs[rung].Configurations)
               from seed in Tune.Seeds
               let trial = Trial(loss, draw, rung, seed)
               select trial with { Label = Losses[loss].Label, Condition = rounds[rung] },
        ];
    }

    /// <summary>Returns the SHA-256 of the block and everything else that determines the trials: losses, network, resolution, training and
    /// data.</summary>
    public string Design()
    {
        var first = Enumerable.Range(0, Losses.Count)
            .SelectMany(loss => Enumerable.Range(0, Tune.Trials)
                .SelectMany(draw => Tune.Seeds.Select(seed => Trial(loss, draw, 0, seed).Spec.Id())));
        var text = $"{SpecJson.Write(Tune)}\n{SpecJson.Write(condition.Training)}\n{string.Join('\n', first)}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>
    /// Returns problems of the split set itself or with a configuration in any round. Reads only the first image of the pairs.
    /// </summary>
    public IReadOnlyList<string> DataProblems(OpenedData data)
    {
        var problems = new List<(string Problem, string Of)>();
        foreach (var (loss, searched) in Losses.Index())
        {
            foreach (var draw in Enumerable.Range(0, Tune.Trials))
            {
                var rounds = Enumerable.Range(0, Rungs.Count).Select(rung => Trial(loss, draw, rung, Tune.Seeds[0])).ToList();
                problems.AddRange(SuiteCheck.Problems(rounds, data).Select(problem => (problem, $"{searched.Label}, draw {draw}")));
            }
        }

        return [.. problems.DistinctBy(one => one.Problem).Select(one => $"tune: {one.Of}: {one.Problem}")];
    }
}
