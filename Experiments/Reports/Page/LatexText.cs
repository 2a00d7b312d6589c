using System.Text;

namespace Ablation.Experiments.Reports.Page;

/// <summary>Text with every mark of LaTeX taken literally.</summary>
internal static class LatexText
{
    public static string Escape(string text)
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
