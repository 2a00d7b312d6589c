using Ablation.Harness.Foundations;
using Ablation.Harness.Provenance;
using Ablation.Harness.Training;
using Ablation.Losses;

namespace Ablation.Experiments.Suites;

/// <summary>The budget of the search for one loss. Planned numbers are the same for every loss.</summary>
/// <param name="Configurations">Configurations tried.</param>
/// <param name="Trainings">Planned trainings of all rounds and seeds.</param>
/// <param name="Epochs">Total epochs of all trainings.</param>
/// <param name="ImagePasses">Planned number of images shown; null if no result has the number per epoch.</param>
/// <param name="ImagePassesDone">Images of the completed optimiser steps: fewer if a training diverged or failed, or drops the last
/// incomplete batch of an epoch.</param>
/// <param name="WithoutFigure">Trainings that diverged or learnt nothing, which are results, or failed; all count in the budget.</param>
/// <param name="Failed">Those that failed.</param>
/// <param name="NotJudged">Draws with a failed training, which cannot be judged: the choice is made among the others, and is not
/// complete.</param>
public sealed record TuningBudget(int Configurations, int Trainings, long Epochs, long? ImagePasses, long ImagePassesDone,
    int WithoutFigure, int Failed = 0, IReadOnlyList<int>? NotJudged = null);

/// <summary>The choice for one loss.</summary>
/// <param name="Draw">Its number; 0 is the setting of the suite.</param>
/// <param name="Values">The drawn values, by key; empty for draw 0.</param>
/// <param name="Validation">Its figure in the last round, 0 .. 1; null if every training of the last round diverged or learnt nothing, and
/// the setting of the suite is kept.</param>
/// <param name="DefaultValidation">The figure of the suite's setting in its last round.</param>
/// <param name="DefaultEpochs">Epochs of that round.</param>
/// <param name="Trials">Ids of all its tuning trials.</param>
public sealed record TunedLoss(string Label, int Draw, IReadOnlyDictionary<string, string> Values, LossOptions Loss,
    TrainingOptions Training,
    double? Validation, double? DefaultValidation, int DefaultEpochs, TuningBudget Budget, IReadOnlyList<string> Trials);

/// <summary><c>tuning/choice.json</c>: made once, only from the results of the tuning trials, and kept.</summary>
/// <param name="Design">SHA-256 of everything that determines the configurations.</param>
/// <param name="Data">Fingerprint of the part of the training set used for tuning and of the validation pairs; null if no result has
/// it.</param>
public sealed record TuningChoice(string Design, TuneMethod Method, TuneMetric Metric, DataFingerprint? Data,
    IReadOnlyList<TunedLoss> Losses)
{
    public const string FileName = "choice.json";

    /// <summary>Returns the choice for a loss; null if the search had no such loss.</summary>
    public TunedLoss? For(string label) => Losses.FirstOrDefault(loss => loss.Label == label);

    /// <summary>Returns the text of the file without its checksum.</summary>
    public string Write() => SpecJson.Write(this) + "\n";

    /// <summary>Lists the configurations that were not judged, per loss; empty if the choice is complete.</summary>
    public IEnumerable<string> Incomplete() => from loss in Losses
                                               where loss.Budget.NotJudged is { Count: > 0 }
                                               let draws = string.Join(", ", loss.Budget.NotJudged!)
                                               select $"NOT COMPLETE: {loss.Label} was chosen among " +
                                                   $"{loss.Budget.Configurations - loss.Budget.NotJudged!.Count} of " +
                                                   $"{loss.Budget.Configurations} configurations: {loss.Budget.Failed} of its trainings " +
                                                   $"failed, so draw {draws} was not judged";
}
