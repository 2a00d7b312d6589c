using System.Text;
using Ablation.Experiments.Reports.Tables;
using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports.Page;

/// <summary>
/// Writes a table of results for a two-column paper: booktabs, numbers aligned at the point by siunitx. Up to four columns fit one column
/// of text (3.3 in); wider tables span both.
/// </summary>
/// <remarks>Needs <c>\usepackage{booktabs,siunitx,amssymb}</c>, and <c>\usepackage{xcolor}</c> where it shows published figures. A mean is
/// followed by half of its interval in the primary columns and by the sign of its verdict.</remarks>
public static class LatexTable
{
    private const int OneColumn = 4; // value columns that fit 3.3 in with labels of a dozen letters

    /// <param name="label">For \ref: "tab:losses".</param>
    public static string Write(ResultTable table, string label)
    {
        var values = table.Columns.Count + table.Columns.Index().Count(column => table.HasPublished(column.Index));
        var kind = values <= OneColumn ? "table" : "table*";
        var text = new StringBuilder($"\\begin{{{kind}}}\n  \\centering\n");
        text.Append($"  \\caption{{{LatexText.Escape(table.Caption.TrimEnd('.'))}. {Legend(table)}}}\n  \\label{{{label}}}\n");
        text.Append("  \\footnotesize\n  \\setlength{\\tabcolsep}{3pt}\n");
        text.Append($"  \\begin{{tabular}}{{l{string.Concat(table.Columns.Select((_, j) => Alignment(table, j)))}}}\n    \\toprule\n");
        text.Append("    loss");
        foreach (var (j, column) in table.Columns.Index())
        {
            text.Append($" & \\multicolumn{{2}}{{c}}{{{LatexText.Escape(column.Format.Label(column.Name))}}}");
            if (table.HasPublished(j)) text.Append(" & \\textcolor{gray}{publ.}");
        }

        text.Append(" \\\\\n   ");
        foreach (var (j, column) in table.Columns.Index())
        {
            text.Append($" & \\multicolumn{{2}}{{c}}{{\\scriptsize {LatexText.Escape(column.Detail)}}}");
            if (table.HasPublished(j)) text.Append(" &");
        }

        text.Append(" \\\\\n    \\midrule\n");
        for (var row = 0; row < table.Rows.Count; row++)
        {
            text.Append($"    {First(table.Rows[row].Name)}");
            for (var column = 0; column < table.Columns.Count; column++) text.Append(Cell(table, row, column));
            text.Append(" \\\\\n");
        }

        return text.Append($"    \\bottomrule\n  \\end{{tabular}}\n\\end{{{kind}}}\n").ToString();
    }

    /// <summary>The first cell of a row: LaTeX would take a bracket or a star after \\ for an option of it.</summary>
    private static string First(string name) => (name.StartsWith('[') || name.StartsWith('*') ? "{}" : "") + LatexText.Escape(name);

    /// <summary>Returns an S column as wide as its widest mean, a column for what follows it, and one for a published figure.</summary>
    private static string Alignment(ResultTable table, int j)
    {
        var format = table.Columns[j].Format;
        var before = table.Rows.Select(row => row.Cells[j].Known).OfType<double>()
            .Select(mean => format.Text(mean).Split('.')[0].Length).DefaultIfEmpty(2).Max();
        var published = table.HasPublished(j) ? "r" : "";
        return $"S[table-format={before}.{format.Decimals}, detect-weight]@{{\\,}}l{published}";
    }

    private static string Cell(ResultTable table, int row, int column)
    {
        var (cell, format) = (table.Rows[row].Cells[column], table.Columns[column].Format);
        var value = cell.Known is not { } mean ? $"{{{ValueFormat.Missing}}}"
            : (table.Ranks[row, column] == Rank.Best ? "\\bfseries " : "") + format.Text(mean);
        var published = !table.HasPublished(column) ? ""
            : $" & {(cell.Published is { } quoted ? $"\\textcolor{{gray}}{{{format.Quoted(quoted.Raw)}}}" : "")}";
        return $" & {value} & {After(cell, table.Columns[column])}{published}";
    }

    /// <summary>What follows a mean: half of its interval in a primary column, and the sign of the verdict.</summary>
    private static string After(ResultCell cell, ResultColumn column)
    {
        var (half, range) = column.IsPrimary ? TextTable.Interval(cell, column.Format) : (null, null);
        var interval = half is not null ? $"{{\\scriptsize$\\pm$\\,{half}}}"
            : range is not null ? $"{{\\scriptsize {range.Replace(" to ", "--", StringComparison.Ordinal)}}}" : "";
        return interval + Sign(cell.Comparison);
    }

    private static string Sign(LossComparison? comparison) => comparison switch
    {
        { IsDecided: true, IsBetter: true } => "$^{\\blacktriangle}$",
        { IsDecided: true } => "$^{\\blacktriangledown}$",
        { Verdict: Verdict.EqualWithin } => "$^{=}$",
        { Verdict: Verdict.Collapsed } => "$^{\\dagger}$",
        _ => "",
    };

    /// <summary>Names the number of seeds and the procedure, and what the signs mean if there are any.</summary>
    private static string Legend(ResultTable table)
    {
        var cells = table.Rows.SelectMany(row => row.Cells).Where(cell => cell.Known is not null).ToList();
        var seeds = cells.Select(cell => cell.N).Distinct().Order().ToList();
        var text = seeds switch
        {
            [] => "No results.",
            [1] => "One seed: no interval.",
            [var n] => $"Means over {n} seeds",
            _ => $"Means over {seeds[0]} to {seeds[^1]} seeds",
        };
        if (seeds is not [] and not [1])
            text += cells.Any(cell => cell.Interval is not null) ? " $\\pm$ half of the 95\\,\\% interval in primary columns." : ".";
        if (table.Ranks.Cast<Rank>().Contains(Rank.Best)) text += " Bold: no other loss is better.";
        var compared = cells.Select(cell => cell.Comparison).OfType<LossComparison>().ToList();
        if (compared.FirstOrDefault(one => one.IsDecided || one.Verdict == Verdict.EqualWithin) is { Family: { } family })
            text += " Against the baseline ("
                + (family.Losses == 1 ? "paired t" : $"moderated paired t, {family.Method} over {family.Losses} losses")
                + ", 0.05): $^{\\blacktriangle}$ better, $^{\\blacktriangledown}$ worse"
                + (compared.Any(one => one.Verdict == Verdict.EqualWithin) ? ", $^{=}$ equal within the margin." : ".");
        return compared.Any(one => one.Verdict == Verdict.Collapsed) ? text + " $^{\\dagger}$ a seed collapsed." : text;
    }
}
