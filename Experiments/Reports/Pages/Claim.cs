using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Ablation.Experiments.Reports.Pages;

/// <summary>What a claim needs to hold.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ClaimNeeds>))]
public enum ClaimNeeds
{
    /// <summary>Better than <see cref="Claim.Than"/>.</summary>
    Better,

    /// <summary>Equal to it within <see cref="Claim.Bound"/>.</summary>
    Equal,

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

    [Description("the loss to compare with; omitted for AtLeast")]
    public string? Than { get; init; }

    [Description("Better, Equal or AtLeast")]
    public required ClaimNeeds Needs { get; init; }

    [Description("AtLeast: the least figure, a share; Equal: the margin, a share")]
    public double? Bound { get; init; }

    [Description("CSV of trials, beside this file; * for several studies")]
    public required string Files { get; init; }

    [Description("figure of the CSV")]
    public required string Figure { get; init; }

    [Description("its test; omitted if there is one")]
    public string? Test { get; init; }

    [Description("what the figure is, in words, and what it cannot say")]
    public required string Meaning { get; init; }

    [Description("the suite that measures it")]
    public required string Suite { get; init; }

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
