using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Ablation.Experiments.Suites;

/// <summary>A table that a suite asks for: which losses, which figures, and the published figures beside them.</summary>
public sealed record TableOptions
{
    [Description("what the table shows; heads it")]
    public required string Title { get; init; }

    [Description("rows in order; every loss where left out")]
    public IReadOnlyList<TableRow>? Rows { get; init; }

    [Description("columns in order: figures of tests")]
    public required IReadOnlyList<TableColumn> Columns { get; init; }

    [Description("label of the loss that the others are compared with; the suite's baseline where left out")]
    public string? Baseline { get; init; }

    [Description("table of the shipped list of published figures: npt-table1, ...; none where left out")]
    public string? Published { get; init; }
}

/// <summary>A row: a loss.</summary>
public sealed record TableRow
{
    [Description("label of the loss")]
    public required string Loss { get; init; }

    [Description("what the table calls it; the label where left out")]
    public string? Name { get; init; }

    [Description("the loss as the published list calls it")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PublishedRow? Published { get; init; }
}

/// <summary>A column: a figure of a test, and perhaps of one condition alone.</summary>
public sealed record TableColumn
{
    [Description("test, as tables call it: LFW")]
    public required string Test { get; init; }

    [Description("metric: accuracy, TAR@FAR=1e-3, rank-1 @ 10k distractors")]
    public required string Metric { get; init; }

    [Description("estimator: \"10-fold, grid\"; the first that the metric has where left out")]
    public string? Estimator { get; init; }

    [Description("name of a condition; where no column names one, each condition has a table of its own")]
    public string? Condition { get; init; }

    [Description("what the table calls it; made of condition, test and metric where left out")]
    public string? Name { get; init; }

    [Description("the column as the published list calls it")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PublishedColumn? Published { get; init; }
}

/// <summary>A row of the published list.</summary>
public sealed record PublishedRow
{
    [Description("loss: ArcFace")]
    public required string Loss { get; init; }

    [Description("setting: k=1; any where left out")]
    public string? Setting { get; init; }
}

/// <summary>A column of the published list.</summary>
public sealed record PublishedColumn
{
    [Description("network: ResNet-50; any where left out")]
    public string? Backbone { get; init; }

    [Description("test: MegaFace-10K")]
    public required string Benchmark { get; init; }

    [Description("metric: rank-1 %")]
    public required string Metric { get; init; }
}
