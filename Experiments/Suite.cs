using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Ablation.Experiments.Tuning;
using Ablation.Harness;
using Ablation.Harness.Backbones;
using Ablation.Harness.Data;
using Ablation.Harness.Training;
using Ablation.Losses;

namespace Ablation.Experiments;

/// <summary>
/// A question and the grid of trials that answers it: losses x backbones x resolutions x trainings x seeds, on one training
/// set and some tests. One commented JSON file; docs/suites.md explains every key.
/// </summary>
public sealed record Suite
{
    /// <summary>The file's name without its ending; set by the reader.</summary>
    [JsonIgnore]
    public string Name { get; init; } = "";

    [Description("path or address of the JSON schema, for editors; not read")]
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    [Description("what the suite is to find out, in a sentence; heads the report")]
    public required string Question { get; init; }

    [Description("loss that the others are compared with, by its label; the first loss if absent")]
    public string? Baseline { get; init; }

    [Description("training images")]
    public required SourceOptions Data { get; init; }

    [Description("tests; each is read once, after training")]
    public required IReadOnlyList<ProtocolOptions> Tests { get; init; }

    [Description("losses to compare")]
    public required IReadOnlyList<LossOptions> Losses { get; init; }

    [Description("networks")]
    public required IReadOnlyList<BackboneOptions> Backbones { get; init; }

    [Description("pixels a side of the network's input")]
    public required IReadOnlyList<int> Resolutions { get; init; }

    [Description("ways to train")]
    public required IReadOnlyList<TrainingOptions> Trainings { get; init; }

    [Description("seeds; each gives every loss the same start, order and augmentation")]
    public required IReadOnlyList<int> Seeds { get; init; }

    [Description("adds the untrained network as a row")]
    public bool Untrained { get; init; } = true;

    [Description("training images that the full data have; lets plan estimate where the data are not there")]
    [Range(1, int.MaxValue)]
    public int? ExpectedImages { get; init; }

    [Description("searches options for every loss on people held out of the training set, and adds a row of each with what it found")]
    public TuneOptions? Tune { get; init; }

    /// <summary>What tuning chose; null before it has, and without it.</summary>
    [JsonIgnore]
    public TuningChoice? Tuned { get; init; }

    /// <summary>Every trial: seed by seed, so that complete comparisons come first.</summary>
    public IReadOnlyList<PlannedTrial> Trials() =>
    [
        .. from seed in Seeds
           from training in Trainings
           from backbone in Backbones
           from resolution in Resolutions
           let condition = new Condition(backbone, resolution, training)
           from row in Rows(training)
           select new PlannedTrial(new TrialSpec(row.Loss, backbone, resolution, Data, Tests, row.Training, seed), row.Label, condition),
    ];

    /// <summary>What of training images and tests is not there or does not go with the suite, and what would do; reads no image.</summary>
    public IReadOnlyList<string> DataProblems(DataRoot data)
    {
        var problems = new List<string>();
        Try(() =>
        {
            using var source = Data.Open(data);
            problems.AddRange(Losses.SelectMany(loss => Backbones.SelectMany(backbone => loss.Problems(new LossShape(source.Identities, backbone.EmbeddingDimension)))
                .Select(problem => $"{source.Name}: {Catalog.NameOf(loss)}: {problem}")).Distinct());
            problems.AddRange(Trainings.Where(training => training.Batch / training.Accumulate > source.Count)
                .Select(training => FormattableString.Invariant($"{source.Name}: {source.Count} images do not fill one batch of {training.Batch / training.Accumulate}; lower batch")));
        });
        foreach (var options in Losses)
        {
            if (Enumerable.Range(1, 20).Select(power => new LossShape(1 << power, 2)).FirstOrDefault(shape => !options.Problems(shape).Any()) is not { } least) continue;
            using var loss = options.Build(least); // as small as it can be: whether it has a kernel does not depend on the shape
            problems.AddRange(Trainings.Select(training => training.Head.Problem(loss)).OfType<string>().Distinct().Select(problem => $"trainings: {problem}"));
        }

        foreach (var test in Tests) Try(() => test.Open(data).Dispose());
        if (Tune is not null && problems.Count == 0) Try(() => problems.AddRange(Tuned?.DataProblems(this, data) ?? TuningPlan.Of(this).DataProblems(data)));
        return problems;

        void Try(Action open)
        {
            try
            {
                open();
            }
            catch (DataProblem problem)
            {
                problems.Add(problem.Message);
            }
        }
    }

    /// <summary>Conditions in the order of the report: one table each.</summary>
    public IReadOnlyList<Condition> Conditions() =>
    [
        .. from training in Trainings
           from backbone in Backbones
           from resolution in Resolutions
           select new Condition(backbone, resolution, training),
    ];

    /// <summary>The label of the baseline.</summary>
    public string BaselineLabel() => Baseline ?? Labels.Of(Losses)[0];

    private IEnumerable<(string Label, LossOptions Loss, TrainingOptions Training)> Rows(TrainingOptions training)
    {
        var labels = Labels.Of(Losses);
        // the untrained network needs a loss to be built with, and it does not matter which
        if (Untrained) yield return (Labels.Untrained, new SoftmaxOptions(), training with { Epochs = 0 });
        for (var i = 0; i < Losses.Count; i++)
        {
            yield return (labels[i], Losses[i], training);
            if (Tuned?.Of(labels[i]) is { } chosen) yield return (Labels.Tuned(labels[i]), chosen.Loss, chosen.Training);
        }
    }
}

/// <summary>What the trials of one table share.</summary>
public sealed record Condition(BackboneOptions Backbone, int Resolution, TrainingOptions Training);

/// <summary>A trial of a suite, the label of its loss, and the table that it belongs to.</summary>
public sealed record PlannedTrial(TrialSpec Spec, string Label, Condition Condition);
