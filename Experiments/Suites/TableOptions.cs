using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Ablation.Experiments.Suites;

/// <summary>A table that a suite requests: its losses, its figures, and their values in the literature.</summary>
public sealed record TableOptions
{
    [Description("what the table shows; heads it")]
    public required string Title { get; init; }

    [Description("rows in order; every loss if absent")]
    public IReadOnlyList<TableRow>? Rows { get; init; }

    [Description("columns in order: figures of tests")]
    public required IReadOnlyList<TableColumn> Columns { get; init; }

    [Description("label of the loss that the others are compared with; the suite's baseline if absent")]
    public string? Baseline { get; init; }

    [Description("names of the columns that verdicts rest on, declared before the run; the mean or else the headline column if absent")]
    public IReadOnlyList<string>? Primary { get; init; }

    [Description("adds a column with the mean of others, seed by seed: one verdict over several tests")]
    public TableMean? Mean { get; init; }

    [Description("table of the shipped list of published figures: npt-table1, ...; none if absent")]
    public string? Published { get; init; }
}

/// <summary>A row: a loss.</summary>
public sealed record TableRow
{
    [Description("label of the loss")]
    public required string Loss { get; init; }

    [Description("name in the table; the label if absent")]
    public string? Name { get; init; }

    [Description("the loss in the published list")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PublishedRow? Published { get; init; }
}

/// <summary>A column: a figure of a test, optionally for one condition only.</summary>
public sealed record TableColumn
{
    [Description("name of the test in tables: LFW")]
    public required string Test { get; init; }

    [Description("metric: accuracy, TAR@FAR=1e-3, rank-1 @ 10k distractors")]
    public required string Metric { get; init; }

    [Description("estimator: \"10-fold, grid\"; the first of the metric if absent")]
    public string? Estimator { get; init; }

    [Description("name of a condition; if no column names one, there is one table per condition")]
    public string? Condition { get; init; }

    [Description("name in the table; condition, test and metric if absent")]
    public string? Name { get; init; }

    /// <summary>The name, given or by default.</summary>
    [JsonIgnore]
    public string Heading => Name ?? $"{(Condition is null ? "" : Condition + ", ")}{Test} {Metric}";

    [Description("the column in the published list")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PublishedColumn? Published { get; init; }
}

/// <summary>A column that is the mean of others.</summary>
public sealed record TableMean
{
    [Description("name in the table: mean of CFP")]
    public required string Name { get; init; }

    [Description("names of two or more columns of one metric")]
    public required IReadOnlyList<string> Of { get; init; }
}

/// <summary>A row of the published list.</summary>
public sealed record PublishedRow
{
    [Description("loss: ArcFace")]
    public required string Loss { get; init; }

    [Description("setting: k=1; any if absent")]
    public string? Setting { get; init; }
}

/// <summary>A column of the published list.</summary>
public sealed record PublishedColumn
{
    [Description("network: ResNet-50; any if absent")]
    public string? Backbone { get; init; }

    [Description("test: MegaFace-10K")]
    public required string Benchmark { get; init; }

    [Description("metric: rank-1 %")]
    public required string Metric { get; init; }
}
