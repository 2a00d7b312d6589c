using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Ablation.Experiments.Reports.Pages;

/// <summary>What a claim needs to hold.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ClaimNeeds>))]
public enum ClaimNeeds
{
    /// <summary>Better than <see cref="Claim.Than"/>.</summary>
    Better,

    /// <summary>Not above it by <see cref="Claim.Bound"/> or more.</summary>
    NoGain,

    /// <summary>A figure of at least <see cref="Claim.Bound"/>.</summary>
    AtLeast,
}

/// <summary>A statement about a loss and the measured figure that it is judged by.</summary>
public sealed record Claim
{
    [Description("the statement, in a few words")]
    public required string Says { get; init; }

    [Description("the losses that it is about, by their labels")]
    public required IReadOnlyList<string> Losses { get; init; }

    [Description("losses that are shown beside them, without a verdict")]
    public IReadOnlyList<string> Beside { get; init; } = [];

    [Description("the loss to compare with; omitted for AtLeast; (given) for the same loss as given")]
    public string? Than { get; init; }

    [Description("Better, NoGain or AtLeast")]
    public required ClaimNeeds Needs { get; init; }

    [Description("AtLeast: the least figure, a share; NoGain: the gain that is too small to matter, a share")]
    public double? Bound { get; init; }

    [Description("CSV of trials, beside this file; * for several studies")]
    public required string Files { get; init; }

    [Description("figure of the CSV")]
    public required string Figure { get; init; }

    [Description("its test; omitted if there is one")]
    public string? Test { get; init; }

    [Description("its estimator; omitted if there is one")]
    public string? Estimator { get; init; }

    [Description("only trials with these values in columns of the CSV")]
    public IReadOnlyDictionary<string, string>? Where { get; init; }

    [Description("studies that it is to rest on; a verdict on fewer says so")]
    public int Studies { get; init; } = 1;

    [Description("what the figure is, in words, and what it cannot say")]
    public required string Meaning { get; init; }

    [Description("the suites that measure it")]
    public required IReadOnlyList<string> Suites { get; init; }

    [Description("how long that takes")]
    public required string Time { get; init; }

    [Description("the published figures beside it")]
    public PublishedClaim? Published { get; init; }
}

/// <summary>A cell of the list of published figures, and that of the loss it is compared with.</summary>
public sealed record PublishedClaim
{
    public required string Table { get; init; }

    public required string Loss { get; init; }

    public string? Setting { get; init; }

    public required string Than { get; init; }

    public required string Benchmark { get; init; }

    public required string Metric { get; init; }
}
