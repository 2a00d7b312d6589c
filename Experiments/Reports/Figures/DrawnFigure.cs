using Ablation.Experiments.Reports.Plots;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness.Protocols;

namespace Ablation.Experiments.Reports.Figures;

/// <summary>Draws a figure from a <see cref="Summary"/>. A kind implements one of the three places of the page.</summary>
public abstract record DrawnFigure : FigureOptions
{
    /// <summary>Where pictures are written, below the suite's results.</summary>
    public const string Folder = "plots";

    /// <summary>A suite of more conditions gets the first figures only, and no PDF: drawing is most of a report's time.</summary>
    public const int ManyConditions = 12;

    /// <summary>Draws the figures below the table of one condition and test.</summary>
    /// <param name="folder">The suite's results; files are written below it.</param>
    public virtual IEnumerable<Block> OfTable(Summary summary, ResultTable table, string folder) => [];

    /// <summary>Draws the figures at the end of a condition.</summary>
    public virtual IEnumerable<Block> OfCondition(Summary summary, Condition condition, string folder) => [];

    /// <summary>Draws the figures of all conditions together, and notes names that occur in no result.</summary>
    public virtual IEnumerable<Block> OfSuite(Summary summary, string folder) => [];

    /// <summary>Writes plots/NAME.png, .svg and, of a suite without very many conditions, .pdf: each holds its fonts, which costs more time
    /// than the drawing.</summary>
    /// <param name="summary">Null for a figure that a suite has once.</param>
    /// <param name="name">Becomes a file name; must be unique in the report.</param>
    /// <param name="title">What the figure shows, in one line; must be unique in the report.</param>
    internal static Figure Save(Summary? summary, Drawing drawing, string folder, string name, string title, string caption)
    {
        var file = StoredName.Shortened(name);
        drawing.Title = title;
        var hasPdf = summary is null || summary.ConditionLabels.Count <= ManyConditions;
        var svg = drawing.Svg();
        return new Figure(caption + drawing.Warning, $"{Folder}/{file}.png", svg)
        {
            Title = title,
            HasPdf = hasPdf,
            Unwritten = HeldFiles.Problem(() => drawing.Save(Path.Combine(folder, Folder), file, svg, hasPdf)),
        };
    }

    /// <summary>"LFW", or "LFW, Small, 32 px" in a suite of several conditions.</summary>
    private protected static string Place(Summary summary, ResultTable table) =>
        summary.ConditionLabels.Count > 1 ? $"{table.Test}, {table.ConditionLabel}" : table.Test;
}
