using System.Diagnostics;
using Ablation.Experiments.Reports;
using Ablation.Experiments.Reports.Page;

namespace Ablation.Tests.Reports;

/// <summary>The LaTeX tables of reports compile, if LaTeX is installed.</summary>
[Category("Slow")]
[Parallelizable]
public sealed class LatexCompilesTests
{
    [Test]
    public void Every_table_of_a_report_compiles()
    {
        using var stored = new StoredSuite().Save();
        SuiteReport.Write(stored.Suite, stored.Store);
        var tables = File.ReadAllText(Path.Combine(stored.Store.Folder, "table.tex")) + "\n"
            + LatexTable.Write(ExampleTable.Make(), "tab:example") + "\n"
            + File.ReadAllText(Path.Combine(Repository.Root, "Tests", "Golden", "A_specified_table_as_LaTeX.txt"));
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("paper.tex"),
            "\\documentclass{article}\n\\usepackage{booktabs}\n\\usepackage{siunitx}\n\\usepackage{amssymb}\n\\usepackage{xcolor}\n" +
            $"\\begin{{document}}\n{tables}\n\\end{{document}}\n");
        var log = Compile(folder.Path);
        Assert.That(log, Does.Contain("Output written on paper.pdf").And.Not.Contain("\n! ").And.Not.Contain("Missing character"));
        Assert.That(new FileInfo(folder.File("paper.pdf")).Length, Is.GreaterThan(10_000));
    }

    private static string Compile(string folder)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("pdflatex",
                ["-interaction=nonstopmode", "-halt-on-error", "paper.tex"])
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true
            })!;
            var log = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return log;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Ignore("no pdflatex here (Debian: texlive-latex-recommended): that the tables compile was not tested");
            return "";
        }
    }
}
