using System.ComponentModel;
using Ablation.Experiments.Reports.Tables;
using Ablation.Harness.Protocols;
using Ablation.Losses.Options;

namespace Ablation.Experiments.Reports.Figures;

/// <summary>A figure of one test, or of each.</summary>
public abstract record TableFigure : DrawnFigure
{
    [Description("name of the test, as tables show it; by default every test that suits the figure")]
    public string? Test { get; init; }

    /// <inheritdoc/>
    public sealed override IEnumerable<Block> OfTable(Summary summary, ResultTable table, string folder) =>
        Test is null || Test == table.Test ? Draw(summary, table, folder) : [];

    /// <summary>Notes a test that occurs in no result.</summary>
    public override IEnumerable<Block> OfSuite(Summary summary, string folder) =>
        Test is null || summary.Tests.Count == 0 || summary.Tests.Contains(Test) ? []
            : [new Note($"figure {Catalog.NameOf(this)}: no result has the test \"{Test}\"; known: " +
                $"{string.Join(", ", summary.Tests.Select(test => $"\"{test}\""))}")];

    /// <summary>Draws the figure of one condition and test; nothing if the test has no such scores.</summary>
    protected virtual IEnumerable<Block> Draw(Summary summary, ResultTable table, string folder) => [];

    /// <summary>Returns a file name: "roc-LFW-small-32-px".</summary>
    protected static string Name(string what, ResultTable table) =>
        $"{what}-{StoredName.FileName(table.Test)}-{StoredName.FileName(table.ConditionLabel)}";
}
