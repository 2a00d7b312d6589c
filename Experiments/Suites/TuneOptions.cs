using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ablation.Experiments.Suites;

/// <summary>The search method.</summary>
public enum TuneMethod
{
    /// <summary>Trains each configuration once, for all epochs.</summary>
    Random,

    /// <summary>Trains all configurations for few epochs, the best of them for more, and so on (<see cref="Halving"/>).</summary>
    SuccessiveHalving,
}

/// <summary>The validation figure that configurations are ranked by.</summary>
public enum TuneMetric
{
    /// <summary>10-fold, with exact thresholds.</summary>
    Accuracy,

    /// <summary>Area under the ROC curve.</summary>
    Auc,
}

/// <summary>
/// The <c>tune</c> block of a suite: the same number of configurations and of epochs for every loss, compared on people of the training set
/// that are held out of the tuning trainings. No key names a test, and no choice reads one.
/// </summary>
public sealed record TuneOptions
{
    /// <summary>Folds of the validation pairs.</summary>
    public const int Folds = 10;

    [Description("random, or successiveHalving")]
    public TuneMethod Method { get; init; }

    [Description("configurations per loss; the first is that of the suite")]
    [Range(2, 10000)]
    public int Trials { get; init; } = 16;

    [Description("successive halving: epochs of the first round")]
    [Range(1, 10000)]
    public int MinimumEpochs { get; init; } = 1;

    [Description("successive halving: the next round keeps one in this many configurations and has this many times the epochs")]
    [Range(2, 100)]
    public int Reduction { get; init; } = 3;

    [Description("share of the training identities to hold out for validation")]
    [Range(0.0, 0.9, MinimumIsExclusive = true)]
    public double ValidationShare { get; init; } = 0.2;

    [Description("validation pairs, half of them of one person; a multiple of 20")]
    [Range(20, 1_000_000)]
    public int Pairs { get; init; } = 2000;

    [Description("accuracy (10-fold, exact) or auc, on the validation pairs; the mean over the tuning seeds")]
    public TuneMetric Metric { get; init; }

    [Description("seeds of the tuning trainings; must differ from the seeds of the suite")]
    public required IReadOnlyList<int> Seeds { get; init; }

    [Description("seed of the drawn configurations, held-out identities and pairs")]
    public int Seed { get; init; }

    [Description("also tests the last round, for the report alone: what a choice by the tests would have claimed")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Oracle { get; init; }

    [Description("""
        the search space: by loss or its label ("Npt (k 6)"), or "*" for all losses, ranges by key (scale, training.learningRate, ...)
        """)]
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, TuneRange>> Space { get; init; }
}

/// <summary>The possible values of a key: an interval, or a list.</summary>
public sealed record TuneRange
{
    [Description("lowest value; requires to")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? From { get; init; }

    [Description("highest value; requires from")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? To { get; init; }

    [Description("draws uniformly on a logarithmic scale")]
    public bool Log { get; init; }

    [Description("list of values, as in a suite; instead of from and to")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<JsonElement>? Of { get; init; }
}
