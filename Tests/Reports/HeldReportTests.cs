using Ablation.Experiments.Reports;

namespace Ablation.Tests.Reports;

/// <summary>A file that cannot be written does not keep the rest of a report from being written.</summary>
[Parallelizable]
public sealed class HeldReportTests
{
    [TestCase("summary.csv")]
    [TestCase("table.tex", Category = "Slow")]
    [TestCase("summary.json", Category = "Slow")]
    [TestCase("report.md", Category = "Slow")]
    [TestCase("report.html", Category = "Slow")]
    [TestCase("a plot")]
    public void All_others_are_written_and_the_error_names_it(string held)
    {
        using var stored = new StoredSuite().Save();
        SuiteReport.Write(stored.Suite, stored.Store);
        var whole = stored.Written();
        if (held == "a plot") held = whole.Keys.First(name => name.EndsWith(".png", StringComparison.Ordinal));
        foreach (var file in whole.Keys) File.Delete(Path.Combine(stored.Store.Folder, file));
        Directory.CreateDirectory(Path.Combine(stored.Store.Folder, held)); // no file can take its place
        var error = Assert.Throws<IOException>(() => SuiteReport.Write(stored.Suite, stored.Store))!;
        Assert.That(error.Message, Does.Contain($"{Path.GetFileName(held)}: could not be written")
            .And.EndWith("all other files of the report were written; run ablation report again for these"));
        var written = stored.Written();
        Assert.That(whole.Keys.Except(written.Keys), Is.SubsetOf(new[] { held, Path.ChangeExtension(held, ".svg"),
            Path.ChangeExtension(held, ".pdf") }).And.Contains(held));
        foreach (var (file, bytes) in written) Assert.That(bytes, Is.EqualTo(whole[file]), file);
    }
}
