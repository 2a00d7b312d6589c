using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ablation.Experiments.Suites;

/// <summary>How configurations are tried.</summary>
public enum TuneMethod
{
    /// <summary>Each is trained once, for all epochs.</summary>
    Random,

    /// <summary>All are trained for few epochs, the best share of them for more, and so on (<see cref="Halving"/>).</summary>
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
/// that the tuning trainings do not show. There is no key that names a test.
/// </summary>
public sealed record TuneOptions
{
    /// <summary>Folds of the validation pairs.</summary>
    public const int Folds = 10;

    [Description("random, or successiveHalving")]
    public TuneMethod Method { get; init; }

    [Description("configurations per loss; the suite's own is the first of them")]
    [Range(2, 10000)]
    public int Trials { get; init; } = 16;

    [Description("successive halving: epochs of the first round")]
    [Range(1, 10000)]
    public int MinimumEpochs { get; init; } = 1;

    [Description("successive halving: one in so many is kept for the next round, which has so many times the epochs")]
    [Range(2, 100)]
    public int Reduction { get; init; } = 3;

    [Description("share of the training set's identities that are held out for validation")]
    [Range(0.0, 0.9, MinimumIsExclusive = true)]
    public double ValidationShare { get; init; } = 0.2;

    [Description("validation pairs, half of them of one person; a multiple of 20")]
    [Range(20, 1_000_000)]
    public int Pairs { get; init; } = 2000;

    [Description("accuracy (10-fold, exact) or auc, on the validation pairs; the mean over the tuning seeds")]
    public TuneMetric Metric { get; init; }

    [Description("seeds of the tuning trainings; none of them may be one of the suite's")]
    public required IReadOnlyList<int> Seeds { get; init; }

    [Description("draws the configurations, the identities held out and the pairs")]
    public int Seed { get; init; }

    [Description("""what is searched: by loss, or "*" for all, ranges by key (scale, training.learningRate, ...)""")]
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, TuneRange>> Space { get; init; }
}

/// <summary>What a key may be: all from one number to another, or some values.</summary>
public sealed record TuneRange
{
    [Description("lowest value; with to")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? From { get; init; }

    [Description("highest value")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? To { get; init; }

    [Description("drawn evenly on a logarithmic scale")]
    public bool Log { get; init; }

    [Description("the values, as the suite would write them; in place of from and to")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<JsonElement>? Of { get; init; }
}
