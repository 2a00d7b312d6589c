using Ablation.Experiments.Reports;
using Ablation.Experiments.Reports.Plots;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Store;
using Ablation.Losses.Options;

namespace Ablation.Experiments.Suites;

/// <summary>
/// A figure that a suite asks for: what it shows, and its drawing from a <see cref="Summary"/>. One record a kind, in a file of its own,
/// found by reflection. A kind implements one of the three places of the page.
/// </summary>
[ChosenByType]
public abstract record FigureOptions
{
    /// <summary>
    /// What of these options does not go with the suite, before anything is trained. Names of tests and metrics come from results and are
    /// checked when the figure is drawn.
    /// </summary>
    public virtual IEnumerable<string> Problems(Suite suite) => [];

    /// <summary>What stands under the table of one condition and test.</summary>
    /// <param name="folder">The suite's results; files are written below it.</param>
    public virtual IEnumerable<Block> OfTable(Summary summary, SummaryTable table, string folder) => [];

    /// <summary>What stands at the end of a condition.</summary>
    public virtual IEnumerable<Block> OfCondition(Summary summary, Condition condition, string folder) => [];

    /// <summary>What is drawn from all conditions together, and notes on names that no result has.</summary>
    public virtual IEnumerable<Block> OfSuite(Summary summary, string folder) => [];

    /// <summary>Writes plots/NAME.png and .svg.</summary>
    /// <param name="name">Made a file name; must be unique in the report.</param>
    protected static Figure Save(Drawing drawing, string folder, string name, string caption)
    {
        var file = ResultStore.FileName(name);
        var svg = drawing.Save(Path.Combine(folder, SuiteFigures.Folder), file);
        return new Figure(caption + drawing.Warning, $"{SuiteFigures.Folder}/{file}.png", svg);
    }
}
