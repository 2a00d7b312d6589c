using Ablation.Experiments.Store;
using Ablation.Harness;
using Ablation.Harness.Data;
using Ablation.Harness.Training;

namespace Ablation.Experiments.Scheduling;

/// <summary>What a condition of a suite costs.</summary>
/// <param name="Trials">Trials to run.</param>
/// <param name="Kept">Of them, trials that are finished already.</param>
/// <param name="TrainingImages">Images an epoch; null where neither the data nor the suite tell.</param>
/// <param name="Speed">Measured on this machine with random images.</param>
/// <param name="Memory">Predicted for the loss that needs most; null where the data cannot be opened.</param>
/// <param name="Remaining">For the trials that are left; null where the number of images is unknown.</param>
public sealed record PlannedCondition(Condition Condition, int Trials, int Kept, int? TrainingImages, SpeedProbe.Speed Speed, WorkingSet? Memory, TimeSpan? Remaining);

/// <summary>Trials and time of a suite before anything is trained.</summary>
public static class SuitePlan
{
    /// <summary>Opens the data where they are there, measures each network for a few steps, and multiplies.</summary>
    /// <param name="problems">What of the data could not be opened or does not go with the suite, and why.</param>
    public static IReadOnlyList<PlannedCondition> Of(Suite suite, IReadOnlyList<PlannedTrial> trials, ResultStore store, TrialPlace place, out IReadOnlyList<string> problems)
    {
        problems = suite.DataProblems(place.Data);
        var images = Try(() => { using var source = suite.Data.Open(place.Data); return (int?)source.Count; }) ?? suite.ExpectedImages;
        var testImages = suite.Tests.Sum(test => Try(() => { using var protocol = test.Open(place.Data); return (int?)protocol.ImageCount; }) ?? 0);
        return [.. suite.Conditions().Where(condition => trials.Any(trial => trial.Condition == condition)).Select(Plan)];

        static int? Try(Func<int?> open)
        {
            try
            {
                return open();
            }
            catch (DataProblem)
            {
                return null; // among the problems already
            }
        }

        PlannedCondition Plan(Condition condition)
        {
            var own = trials.Where(trial => trial.Condition == condition).ToList();
            var left = own.Where(trial => !store.Has(trial.Spec.Id())).ToList();
            var training = condition.Training;
            var speed = SpeedProbe.Measure(condition.Backbone, condition.Resolution, Math.Min(32, training.Batch / training.Accumulate), place.Device, place.Threads);
            var seconds = left.Sum(trial => (double?)images * trial.Spec.Training.Epochs / speed.Training + testImages / speed.Embedding);
            return new PlannedCondition(condition, own.Count, own.Count - left.Count, images, speed, MemoryPlan.Largest(suite, own, place), images is null ? null : TimeSpan.FromSeconds(seconds ?? 0));
        }
    }
}
