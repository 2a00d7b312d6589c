using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ablation.Harness;
using Ablation.Harness.Faces;
using Ablation.Harness.Networks;
using Ablation.Harness.Protocols;
using Ablation.Harness.Training;
using Ablation.Losses;
using Ablation.Losses.Options;

namespace Ablation.Experiments.Suites;

/// <summary>
/// A question and the grid of trials that answers it: losses x conditions x seeds, and tests. A condition is a network, a resolution, a
/// training and a training set; a suite gives all combinations or a list of conditions. A suite is one JSON file with comments;
/// docs/suites.md explains every key.
/// </summary>
public sealed record Suite
{
    /// <summary>The file name without extension; set by the reader.</summary>
    [JsonIgnore]
    public string Name { get; init; } = "";

    /// <summary>The text that it was read from, for the places of problems and for copies; set by the reader.</summary>
    [JsonIgnore]
    public SuiteSource? Source { get; init; }

    [Description("path or address of the JSON schema, for editors; not read")]
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    /// <summary>Resolved before the suite is read, as <see cref="Set"/> is.</summary>
    [Description("another suite, by name or path, whose keys this one has unless it gives them itself")]
    public string? Extends { get; init; }

    [Description("single values to change in the suite that it extends: { \"trainings.epochs\": 5 }")]
    public IReadOnlyDictionary<string, JsonElement>? Set { get; init; }

    [Description("the question that the suite answers, in a sentence; heads the report")]
    public required string Question { get; init; }

    [Description("label of the loss that the others are compared with; the first loss if absent")]
    public string? Baseline { get; init; }

    [Description("the claim that the suite tests; the answer then says yes or no")]
    public ClaimOptions? Claim { get; init; }

    [Description("per metric the difference that makes none in practice; \"equal within\" it is then a verdict")]
    public IReadOnlyList<PracticalMargin>? Practical { get; init; }

    [Description("training images")]
    [JsonPropertyName("data")]
    public SourceOptions? DataSet { get; init; }

    [Description("instead of data: several training sets; each gives separate conditions")]
    public IReadOnlyList<SourceOptions>? DataSets { get; init; }

    /// <summary>The training sets, from data or dataSets.</summary>
    [JsonIgnore]
    public IReadOnlyList<SourceOptions> Data
    {
        get => DataSets ?? (DataSet is { } one ? [one] : []);
        init => (DataSet, DataSets) = (value.Count == 1 ? value[0] : null, value.Count == 1 ? null : value);
    }

    [Description("tests; each is read once, after training")]
    public required IReadOnlyList<ProtocolOptions> Tests { get; init; }

    [Description("losses to compare")]
    public required IReadOnlyList<LossOptions> Losses { get; init; }

    [Description("networks; each combination with resolutions and trainings is a condition")]
    [MayBeEmpty("conditions may be given instead; SuiteRules checks that")]
    public IReadOnlyList<BackboneOptions> Backbones { get; init; } = [];

    [Description("side of the network's input in pixels")]
    [MayBeEmpty("conditions may be given instead; SuiteRules checks that")]
    public IReadOnlyList<int> Resolutions { get; init; } = [];

    [Description("ways to train")]
    [MayBeEmpty("conditions may be given instead; SuiteRules checks that")]
    public IReadOnlyList<TrainingOptions> Trainings { get; init; } = [];

    [Description("instead of backbones, resolutions and trainings: a list of conditions, for networks that need different trainings")]
    [JsonPropertyName("conditions")]
    public IReadOnlyList<GivenCondition>? Given { get; init; }

    [Description("seeds; each gives every loss the same start, order and augmentation")]
    public required IReadOnlyList<int> Seeds { get; init; }

    [Description("adds the untrained network as a row")]
    public bool Untrained { get; init; } = true;

    [Description("figures of the report; a default selection if absent")]
    public IReadOnlyList<FigureOptions>? Figures { get; init; }

    [Description("number of training images in the full data; lets plan estimate without the data")]
    [Range(1, int.MaxValue)]
    public int? ExpectedImages { get; init; }

    [Description("tables at the head of the report, such as those of a paper; none if absent")]
    public IReadOnlyList<TableOptions>? Tables { get; init; }

    [Description("searches options for every loss on people held out of the training set, and adds a row per loss with the chosen options")]
    public TuneOptions? Tune { get; init; }

    /// <summary>The choice of tuning; null before it is made, and without tuning.</summary>
    [JsonIgnore]
    public TuningChoice? Tuned { get; init; }

    /// <summary>Returns every trial, seed by seed, so that complete comparisons come first.</summary>
    public IReadOnlyList<PlannedTrial> Trials() =>
    [
        .. from seed in Seeds
           from condition in Conditions()
           from row in Rows(condition.Training)
           select new PlannedTrial(new TrialSpec(row.Loss, condition.Backbone, condition.Resolution, condition.Data, Tests, row.Training,
               seed), row.Label, condition),
    ];

    /// <summary>Returns the conditions in the order of the report, which has one table per condition.</summary>
    public IReadOnlyList<Condition> Conditions() =>
    [
        .. from data in Data
           from condition in Given is { } given
               ? given.Select(one => new Condition(one.Backbone, one.Resolution, one.Training, data) { Name = one.Name })
               : from training in Trainings
                 from backbone in Backbones
                 from resolution in Resolutions
                 select new Condition(backbone, resolution, training, data)
           select condition,
    ];

    /// <summary>Returns every distinct network of the conditions.</summary>
    public IReadOnlyList<BackboneOptions> Networks() => Given is { } given ? [.. given.Select(one => one.Backbone).Distinct()] : Backbones;

    /// <summary>Returns every distinct training of the conditions.</summary>
    public IReadOnlyList<TrainingOptions> WaysToTrain() =>
        Given is { } given ? [.. given.Select(one => one.Training).Distinct()] : Trainings;

    public string BaselineLabel() => Baseline ?? Labels.Of(Losses)[0];

    private IEnumerable<(string Label, LossOptions Loss, TrainingOptions Training)> Rows(TrainingOptions training)
    {
        var labels = Labels.Of(Losses);
        // the untrained network needs some loss to be built; it does not matter which
        if (Untrained) yield return (Labels.Untrained, new SoftmaxOptions(), training with { Epochs = 0 });
        for (var i = 0; i < Losses.Count; i++)
        {
            yield return (labels[i], Losses[i], training);
            if (Tuned?.For(labels[i]) is { } chosen) yield return (Labels.Tuned(labels[i]), chosen.Loss, chosen.Training);
        }
    }
}

/// <summary>What the trials of one table share.</summary>
public sealed record Condition(BackboneOptions Backbone, int Resolution, TrainingOptions Training, SourceOptions Data)
{
    /// <summary>The name in the suite; null if it has none.</summary>
    public string? Name { get; init; }
}

/// <summary>A condition in the list of a suite.</summary>
public sealed record GivenCondition
{
    [Description("name in tables; by default network, resolution and what distinguishes it from the others")]
    public string? Name { get; init; }

    [Description("network")]
    public required BackboneOptions Backbone { get; init; }

    [Description("side of the network's input in pixels")]
    public required int Resolution { get; init; }

    [Description("way to train")]
    public required TrainingOptions Training { get; init; }
}

/// <summary>A trial of a suite, the label of its loss, and the table that it belongs to.</summary>
public sealed record PlannedTrial(TrialSpec Spec, string Label, Condition Condition);
