using Ablation.Experiments.Suites;
using Ablation.Harness.Networks;
using Ablation.Harness.Training;

namespace Ablation.Experiments.Scheduling;

/// <summary>Disk space that a suite needs.</summary>
/// <param name="Results">Bytes that remain after the run.</param>
/// <param name="Checkpoints">Bytes during the run: two checkpoints of the largest trial per job.</param>
public sealed record DiskPlan(long Results, long Checkpoints)
{
    private const long BytesPerScore = 8;
    private const long BytesPerLogPoint = 90;       // a row of the history
    private const long BytesPerTrial = 16 << 10; // specification, result, attempts, log
    private const int StepsPerLogPoint = 20;
    private const int Copies = 2; // the previous one is kept until the new one is verified

    /// <summary>Returns null if the number of images, identities or scores is unknown.</summary>
    /// <param name="left">Trials without a result.</param>
    public static DiskPlan? Estimate(IReadOnlyList<PlannedTrial> left, Func<PlannedTrial, SuiteData> data, Func<PlannedTrial, long?> steps,
        int jobs)
    {
        var parameters = new Dictionary<(BackboneOptions Network, int Resolution), long>(); // cached, since counting builds the network
        if (left.Any(trial => data(trial) is not { Images: not null, Identities: not null, Scores: not null })) return null;
        var results = left.Sum(trial => BytesPerTrial + BytesPerScore * data(trial).Scores!.Value + Weights(trial) + BytesPerLogPoint
            * (steps(trial)!.Value / StepsPerLogPoint));
        var trained = left.Where(trial => trial.Spec.Training.Epochs > 0).DistinctBy(trial => trial.Condition).ToList();
        return new DiskPlan(results, trained.Count == 0
            ? 0 : Math.Min(jobs, left.Count) * Copies * trained.Max(trial => Checkpoint(trial, data(trial).Identities!.Value)));

        // the trained network, kept beside the result
        long Weights(PlannedTrial trial) => trial.Spec.Training.Epochs > 0 ? sizeof(float) * Parameters(trial) : 0;

        // weights, proxies and the optimiser's state of both
        long Checkpoint(PlannedTrial trial, int identities)
        {
            var training = trial.Spec.Training;
            var states = training.Optimizer == OptimizerKind.AdamW ? 3 : training.Momentum > 0 ? 2 : 1;
            return states * sizeof(float) * (Parameters(trial) + (long)identities * trial.Spec.Backbone.EmbeddingDimension);
        }

        long Parameters(PlannedTrial trial)
        {
            var key = (trial.Spec.Backbone, trial.Spec.Resolution);
            if (!parameters.TryGetValue(key, out var count))
                parameters[key] = count = BackboneCost.ParametersOf(key.Backbone, key.Resolution);
            return count;
        }
    }
}
