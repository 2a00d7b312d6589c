using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Suites;
using Ablation.Harness.Provenance;

namespace Ablation.Experiments.Reports;

/// <summary>Lists program, machine and data behind the numbers, and the commands that reproduce them.</summary>
internal static class ProvenanceSection
{
    public static IEnumerable<Block> Blocks(Summary summary)
    {
        yield return new Heading(2, "Provenance");
        var rows = Rows(summary).ToList();
        if (rows.Count > 0) yield return new TableBlock(TextTable.Plain("", ["what", "of the trials"], rows));
        yield return new Paragraph(
            "The first command trains what has no result and writes this page; the second writes it again from what is stored, byte for " +
            "byte, without data or a GPU.");
        yield return new Code($"{Command(summary, "run")}\n{Command(summary, "report")}");
    }

    /// <summary>The same for the page: facts of one kind together.</summary>
    public static IEnumerable<Block> PageBlocks(Summary summary)
    {
        yield return new Heading(2, "Provenance");
        yield return new FactList([.. Rows(summary).GroupBy(row => row[0]).Select(what => new Fact(what.Key, [.. what.Select(row =>
            row[1])]))]);
        yield return new Paragraph("This command trains what has no result and writes this page:");
        yield return new Code(Command(summary, "run"));
        yield return new Paragraph("This one writes it again from what is stored, byte for byte, without data or a GPU:");
        yield return new Code(Command(summary, "report"));
    }

    private static string Command(Summary summary, string command)
    {
        var suite = SuiteFile.Shipped.Contains(summary.Suite.Name) ? summary.Suite.Name : $"{summary.Suite.Name}.jsonc";
        return $"ablation {command} {suite} --seeds {string.Join(' ', summary.Suite.Seeds.Select(seed => seed.ToString()))}";
    }

    private static IEnumerable<IReadOnlyList<string>> Rows(Summary summary)
    {
        var origins = summary.Distinct.Select(trial => trial.Result?.Provenance).OfType<TrialProvenance>().ToList();
        foreach (var commit in origins.GroupBy(origin => origin.Commit).OrderByDescending(group => group.Count())
            .ThenBy(group => group.Key, StringComparer.Ordinal))
            yield return ["commit", $"{commit.Key} ({commit.Count()} {(commit.Count() == 1 ? "trial" : "trials")})"];
        foreach (var packages in origins.Select(origin => origin.Packages).OfType<IReadOnlyList<string>>()
            .Select(list => string.Join(", ", list)).Distinct().Order(StringComparer.Ordinal))
            yield return ["packages", packages];
        foreach (var machine in origins.Select(MachineLine).Distinct().Order(StringComparer.Ordinal)) yield return ["machine", machine];
        foreach (var (what, print) in SeenData.Lines(summary.Distinct)) yield return [what, print];
    }

    private static string MachineLine(TrialProvenance p)
    {
        var gpu = p.Gpu is { } card ? $"; {card.Name}, driver {card.Driver}" : "";
        var native = p.Native?.ToString() is { Length: > 0 } versions ? $", {versions}" : "";
        return $"{p.Machine}{gpu}; {p.Device}, {p.Threads} threads; {p.OperatingSystem}; {p.Runtime}; TorchSharp {p.TorchSharp}{native}";
    }
}
