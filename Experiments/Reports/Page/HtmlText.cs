using Ablation.Experiments.Reports.Tables;

namespace Ablation.Experiments.Reports.Page;

/// <summary>Escapes plain text for a page.</summary>
internal static class HtmlText
{
    /// <summary>Escapes text between tags and in attributes.</summary>
    public static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal).Replace("\"", "&quot;", StringComparison.Ordinal)
        .Replace("'", "&#39;", StringComparison.Ordinal);

    public static string Link(TextLink link) => $"<a href=\"{Escape(link.Url)}\">{Escape(link.Text)}</a>";
}
