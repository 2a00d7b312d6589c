using System.Text;
using Ablation.Experiments.Reports.Tables;
using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports.Page;

/// <summary>Writes a table of results for a paper: booktabs, best bold, second underlined; lines end in "\n".</summary>
/// <remarks>Needs <c>\usepackage{booktabs}</c>, and <c>\usepackage{xcolor}</c> where it shows published figures. Signs after a
/// value: + better, - worse, ~ not distinguishable from the baseline.</remarks>
public static class LatexTable
{
    /// <param name="label">For \ref: "tab:losses".</param>
    public static string Write(ResultTable table, string label)
    {
        var text = new StringBuilder("\\begin{table}\n  \\centering\n");
        text.Append($"  \\caption{{{Escape(table.Caption.TrimEnd('.'))}. {Legend(table)}}}\n  \\label{{{label}}}\n");
        text.Append($"  \\begin{{tabular}}{{l{string.Concat(table.Columns.Select((_, j) => table.HasPublished(j) ? "rr" : "r"))}}}\n    " +
            $"\\toprule\n");
        text.Append("    loss");
        foreach (var (j,
            column) in table.Columns.Index()) text.Append(
            $" & {Escape(column.Format.Label(column.Name))}{(table.HasPublished(j) ? " & \\textcolor{gray}{published}" : "")}");
        text.Append(" \\\\\n   ");
        foreach (var (j,
            column) in table.Columns.Index()) text.Append(
            $" & {{\\footnotesize " +
            $"{Escape(column.Estimator)}}}{(table.HasPublished(j) ? " & \\textcolor{gray}{\\footnotesize difference}" : "")}");
        text.Append(" \\\\\n    \\midrule\n");
        for (var row = 0; row < table.Rows.Count; row++)
        {
            text.Append($"    {Escape(table.Rows[row].Name)}");
            for (var column = 0; column < table.Columns.Count; column++)
            {
                var (cell, format) = (table.Rows[row].Cells[column], table.Columns[column].Format);
                text.Append($" & {Cell(cell, format, table.Ranks[row, column])}");
                if (table.HasPublished(column)) text.Append($" & {Quoted(cell, format)}");
            }

            text.Append(" \\\\\n");
        }

        return text.Append("    \\bottomrule\n  \\end{tabular}\n\\end{table}\n").ToString();
    }

    private static string Quoted(ResultCell cell, ValueFormat format)
    {
        if (cell.Published is not { } published) return "";
        var difference = cell.PublishedDifference is { } ours ? $" {{\\footnotesize ({format.Signed(ours)})}}" : "";
        return $"\\textcolor{{gray}}{{{format.Text(published.Raw)}{difference}}}";
    }

    private static string Cell(ResultCell cell, ValueFormat format, Rank rank)
    {
        if (cell.Known is not { } mean) return ValueFormat.Missing;
        var value = format.Text(mean);
        value = rank switch { Rank.Best => $"\\textbf{{{value}}}", Rank.Second => $"\\underline{{{value}}}", _ => value };
        var sign = cell.Verdict switch
        {
            Verdict.Better => "$^{+}$",
            Verdict.Worse => "$^{-}$",
            Verdict.NotDistinguishable => "$^{\\sim}$",
            _ => "",
        };
        var interval = cell.HalfWidth is { } half && double.IsFinite(half) ? $" {{\\footnotesize $\\pm$ {format.Text(half)}}}" : "";
        return value + sign + interval;
    }

    /// <summary>Names the number of seeds, and what the signs mean if there are any.</summary>
    private static string Legend(ResultTable table)
    {
        var cells = table.Rows.SelectMany(row => row.Cells).Where(cell => cell.Known is not null).ToList();
        var seeds = cells.Select(cell => cell.N).Distinct().Order().ToList();
        var text = seeds switch
        {
            [] => "No results.",
            [1] => "One seed: no interval.",
            [var n] => $"Mean $\\pm$ half of the 95\\,\\% t interval over {n} seeds.",
            _ => $"Mean $\\pm$ half of the 95\\,\\% t interval over {seeds[0]} to {seeds[^1]} seeds.",
        };
        if (Enumerable.Range(0, table.Columns.Count).Any(table.HasPublished)) text += " In grey with the difference of ours from it.";
        return cells.Any(cell => cell.Verdict is Verdict.Better or Verdict.Worse or Verdict.NotDistinguishable)
            ? text + " Against the baseline (paired t, Holm, 0.05): $^{+}$ better, $^{-}$ worse, $^{\\sim}$ not distinguishable."
            : text;
    }

    private static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (var c in text.ReplaceLineEndings(" "))
        {
            escaped.Append(c switch
            {
                '\\' => "\\textbackslash{}",
                '~' => "\\textasciitilde{}",
                '^' => "\\textasciicircum{}",
                '<' => "\\textless{}",
                '>' => "\\textgreater{}",
                '|' => "\\textbar{}",
                '±' => "$\\pm$",
                '×' => "$\\times$",
                '{' or '}' or '$' or '&' or '#' or '%' or '_' => $"\\{c}",
                _ => c.ToString(),
            });
        }

        return escaped.ToString();
    }
}
