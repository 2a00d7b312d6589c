using Ablation.Harness.Foundations;
using Ablation.Harness.Provenance;
using Ablation.Harness.Training;
using Ablation.Losses;

namespace Ablation.Experiments.Suites;

/// <summary>What a search gave one loss. Planned figures are the same for every loss.</summary>
/// <param name="Configurations">Tried.</param>
/// <param name="Trainings">Planned, of all rounds and seeds.</param>
/// <param name="Epochs">Of all trainings.</param>
/// <param name="ImagePasses">Images that they show, planned; null where no result gives the number of an epoch.</param>
/// <param name="ImagePassesDone">Images of the optimiser steps that were taken: fewer where a training diverged or failed, or leaves out an
/// epoch's last part of a batch.</param>
/// <param name="WithoutFigure">Trainings that diverged or learnt nothing, which are results, or failed; they used up the budget.</param>
/// <param name="Failed">Those of them that failed.</param>
/// <param name="NotJudged">Draws that a training failed of, so that nothing can be said of them: the choice is made among the others, and
/// is not complete.</param>
public sealed record TuningBudget(int Configurations, int Trainings, long Epochs, long? ImagePasses, long ImagePassesDone,
    int WithoutFigure, int Failed = 0, IReadOnlyList<int>? NotJudged = null);

/// <summary>What was chosen for one loss.</summary>
/// <param name="Draw">Its number; 0 is the suite's own setting.</param>
/// <param name="Values">What was drawn, by key; empty for draw 0.</param>
/// <param name="Validation">Its figure in the last round, 0 .. 1; null where every training of the last round diverged or learnt nothing,
/// and the suite's own setting is kept.</param>
/// <param name="DefaultValidation">The figure of the suite's own setting in the last round that it was in.</param>
/// <param name="DefaultEpochs">Epochs of that round.</param>
/// <param name="Trials">Ids of all its tuning trials.</param>
public sealed record TunedLoss(string Label, int Draw, IReadOnlyDictionary<string, string> Values, LossOptions Loss,
    TrainingOptions Training,
    double? Validation, double? DefaultValidation, int DefaultEpochs, TuningBudget Budget, IReadOnlyList<string> Trials);

/// <summary><c>tuning/choice.json</c>: made once, from the results of the tuning trials alone, and kept.</summary>
/// <param name="Design">SHA-256 of all that decides what is tried.</param>
/// <param name="Data">What the tuning trials saw: the side of the training set that they trained on and the validation pairs; null where no
/// result has it.</param>
public sealed record TuningChoice(string Design, TuneMethod Method, TuneMetric Metric, DataFingerprint? Data,
    IReadOnlyList<TunedLoss> Losses)
{
    public const string FileName = "choice.json";

    /// <summary>What was chosen for a loss; null where the search had no such loss.</summary>
    public TunedLoss? For(string label) => Losses.FirstOrDefault(loss => loss.Label == label);

    /// <summary>The file's text without its checksum.</summary>
    public string Write() => SpecJson.Write(this) + "\n";

    /// <summary>Says of each loss which configurations were not judged; empty where the choice is complete.</summary>
    public IEnumerable<string> Incomplete() => from loss in Losses
                                               where loss.Budget.NotJudged is { Count: > 0 }
                                               let draws = string.Join(", ", loss.Budget.NotJudged!)
                                               select $"NOT COMPLETE: {loss.Label} was chosen among " +
                                                   $"{loss.Budget.Configurations - loss.Budget.NotJudged!.Count} of " +
                                                   $"{loss.Budget.Configurations} configurations: {loss.Budget.Failed} of its trainings " +
                                                   $"failed, so draw {draws} was not judged";
}
