using System.Text;
using Ablation.Experiments.Reports.Tables;
using static Ablation.Experiments.Reports.Page.HtmlText;

namespace Ablation.Experiments.Reports.Page;

/// <summary>
/// Writes a table of a page. The table scrolls in its own box, cells carry their raw numbers, and each number links to its trials.
/// </summary>
internal sealed class HtmlTable
{
    private readonly TextTable table;
    private readonly LossMarks losses;
    private readonly string name;

    // cells of a row usually have the same trials and share one list
    private readonly Dictionary<string, string> lists = [];
    private readonly StringBuilder popovers = new();

    /// <param name="name">Unique on the page: "table3".</param>
    private HtmlTable(TextTable table, LossMarks losses, string name) => (this.table, this.losses, this.name) = (table, losses, name);

    public static string Write(TextTable table, LossMarks losses, string name) => new HtmlTable(table, losses, name).Text();

    private string Text()
    {
        // a screen reader reads a caption once
        var label = table.Caption.Length > 0
            ? $"aria-labelledby=\"{name}-caption\"" : $"aria-label=\"{Escape(table.Headers.Count > 0 ? table.Headers[0].Text : "table")}\"";
        var text = new StringBuilder($"<div class=\"table\" role=\"region\" tabindex=\"0\" {label}>\n");
        text.Append(table.Rows.Count > 1 ? "<table class=\"sortable\">\n" : "<table>\n");
        if (table.Caption.Length > 0) text.Append($"<caption id=\"{name}-caption\"><span>{Escape(table.Caption)}</span></caption>\n");
        text.Append("<thead>\n<tr>");
        foreach (var header in table.Headers)
            text.Append($"<th scope=\"col\"{Class(header)}><span>{Escape(header.Text)}</span>{Small(header.Detail)}</th>");
        text.Append("</tr>\n</thead>\n<tbody>\n");
        for (var i = 0; i < table.Rows.Count; i++) Row(text, i);
        return text.Append("</tbody>\n</table>\n</div>\n").Append(popovers).ToString();
    }

    private void Row(StringBuilder text, int index)
    {
        var row = table.Rows[index];
        var anchor = table.Anchors.Count > 0 ? $" id=\"{Escape(table.Anchors[index])}\"" : "";
        var loss = table.Losses.Count > 0 && losses.OfRow(table.Losses[index]) is { } number ? $" data-loss=\"{number}\"" : "";
        text.Append($"<tr{anchor}{loss}>");
        for (var i = 0; i < row.Count; i++)
        {
            var value = table.Headers[i].IsNumber && row[i].Value is { } raw && double.IsFinite(raw)
                ? $" data-value=\"{raw.ToString("R")}\"" : "";
            text.Append(i == 0
                ? $"<th scope=\"row\"{value}>{Cell(row[i], row)}</th>" : $"<td{Class(table.Headers[i])}{value}>{Cell(row[i], row)}</td>");
        }

        text.Append("</tr>\n");
    }

    private string Cell(TextCell cell, IReadOnlyList<TextCell> row)
    {
        var value = Escape(cell.Text);
        if (cell.Rank == Rank.Best) value = $"<strong>{value}</strong>";
        if (cell.Interval is not null) value += $"<span class=\"interval\"> ± {Escape(cell.Interval)}</span>";
        if (cell.Range is not null) value += $"<span class=\"interval\"> ({Escape(cell.Range)})</span>";
        var details = (cell.Details ?? []).Select(Small).ToList();
        if (cell.Trials.Count > 0)
        {
            var words = cell.Details is { Count: > 0 } lines ? lines[0] : "trials";
            var button =
                $"<small><button type=\"button\" class=\"trials\" popovertarget=\"{List(cell.Trials, row[0].Text)}\" title=\"the trials " +
                $"behind it\">{Escape(words)}</button></small>";
            if (details.Count > 0) details[0] = button;
            else details.Add(button);
        }

        if (cell.Links.Count > 0) value += (value.Length > 0 ? " " : "") + string.Join(" ", cell.Links.Select(Link));
        value += string.Concat(details);
        return cell.IsQuoted ? $"<span class=\"quoted\">{value}</span>" : value;
    }

    /// <summary>Returns the name of the list of these trials, which is written once.</summary>
    private string List(IReadOnlyList<TrialLink> trials, string row)
    {
        var content = string.Join(' ', trials.Select(trial => trial.Id));
        if (lists.TryGetValue(content, out var known)) return known;
        var id = lists[content] = $"{name}-trials{lists.Count + 1}";
        popovers.Append($"<div popover=\"auto\" id=\"{id}\">{Escape(row)}: trials\n<ul>\n");
        foreach (var trial in trials)
            popovers.Append(
                $"<li><a href=\"#{trial.Anchor}\">seed {trial.Seed}: {Escape(trial.Id)}</a>, commit {Escape(trial.Commit)}</li>\n");
        popovers.Append("</ul>\n</div>\n");
        return id;
    }

    private static string Class(TextHeader header) => header.IsNumber ? " class=\"number\"" : "";

    private static string Small(string? detail) => detail is null ? "" : $"<small>{Escape(detail)}</small>";
}
