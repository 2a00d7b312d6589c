using System.Net;
using System.Text;

namespace Ablation.Tests.Mutants;

/// <summary>The outcome of a mutant.</summary>
/// <param name="KilledBy">The test that failed; null for a survivor or an equivalent mutant.</param>
internal sealed record MutantOutcome(string File, string Original, string Mutated, string? KilledBy, string? Equivalent)
{
    public (string File, string Original, string Mutated) Place => (File, Original, Mutated);

    /// <summary>Whether its tests ran; an equivalent mutant needs none.</summary>
    public bool Ran { get; init; } = true;

    public string Text => Equivalent is { } reason ? $"equivalent: {reason}" : Ran ? KilledBy ?? "survived" : "not run";

    public static MutantOutcome NotRun(Mutant mutant) => new(mutant.File, mutant.Original, mutant.Mutated, null, null) { Ran = false };
}

/// <summary>The table of mutants, stored as CSV and shown in docs/testing.md between two marks.</summary>
internal static class MutantTable
{
    private const string Begin = "<!-- mutants: written by the runner -->", End = "<!-- end of mutants -->";
    private const string Equivalent = "equivalent: ", Survived = "survived", NotRun = "not run";

    public static string CsvPath { get; } = Path.Combine(Repository.Root, "Tests", "Mutants", "mutants.csv");

    public static string PagePath { get; } = Path.Combine(Repository.Root, "docs", "testing.md");

    public static string Csv(IReadOnlyList<MutantOutcome> outcomes) =>
        "file,original,mutated,outcome\n"
        + string.Concat(outcomes.Select(one => string.Join(',', new[] { one.File, one.Original, one.Mutated, one.Text }.Select(Quoted))
            + "\n"));

    public static IReadOnlyList<MutantOutcome> Read() =>
        File.Exists(CsvPath) ? Parse(File.ReadAllText(CsvPath).ReplaceLineEndings("\n")) : [];

    /// <summary>Reads the table that <see cref="Csv"/> writes.</summary>
    public static IReadOnlyList<MutantOutcome> Parse(string csv)
    {
        return [.. Rows(csv).Skip(1).Select(row => new MutantOutcome(row[0], row[1], row[2],
            row[3] is Survived or NotRun || row[3].StartsWith(Equivalent, StringComparison.Ordinal) ? null : row[3],
            row[3].StartsWith(Equivalent, StringComparison.Ordinal) ? row[3][Equivalent.Length..] : null)
        { Ran = row[3] != NotRun })];
    }

    /// <summary>"95 of 98 killed (96.9 %)"; equivalent ones and those not run are not counted.</summary>
    public static string Share(IReadOnlyCollection<MutantOutcome> outcomes)
    {
        var counted = outcomes.Where(one => one.Equivalent is null && one.Ran).ToList();
        var killed = counted.Count(one => one.KilledBy is not null);
        return $"{killed} of {counted.Count} killed ({100.0 * killed / Math.Max(1, counted.Count):0.0} %)";
    }

    /// <summary>Returns the page with its block of mutants replaced.</summary>
    public static string Page(string page, IReadOnlyList<MutantOutcome> outcomes)
    {
        var (from, to) = (page.IndexOf(Begin, StringComparison.Ordinal), page.IndexOf(End, StringComparison.Ordinal));
        if (from < 0 || to < from) throw new InvalidDataException($"{PagePath}: the marks \"{Begin}\" and \"{End}\" are not there");
        return page[..(from + Begin.Length)] + "\n\n" + Markdown(outcomes) + "\n" + page[to..];
    }

    private static string Markdown(IReadOnlyList<MutantOutcome> outcomes)
    {
        var text = new StringBuilder();
        text.Append("| project | mutants | killed | equivalent | not run |\n| --- | ---: | ---: | ---: | ---: |\n");
        foreach (var group in outcomes.GroupBy(one => one.File.Split('/')[0]).Concat(outcomes.GroupBy(_ => "all")))
        {
            var (killed, equivalent) = (group.Count(one => one.KilledBy is not null), group.Count(one => one.Equivalent is not null));
            text.Append($"| {group.Key} | {group.Count()} | {killed} | {equivalent} | {group.Count(one => !one.Ran)} |\n");
        }

        text.Append('\n').Append(Share(outcomes))
            .Append("; equivalent ones and those not run are not counted.\n\n| file | mutation | outcome |\n| --- | --- | --- |\n");
        foreach (var one in outcomes)
            text.Append($"| {one.File} | {Code(one.Original)} → {Code(one.Mutated)} | {Escaped(one.Text)} |\n");
        return text.ToString();
    }

    // in code elements, because the tests of the pages take backticks for paths and commands
    private static string Code(string text) => text.Length == 0 ? "nothing" : $"<code>{Escaped(text)}</code>";

    private static string Escaped(string text) => WebUtility.HtmlEncode(text).Replace("\n", " ", StringComparison.Ordinal)
        .Replace("|", "&#124;", StringComparison.Ordinal).Replace("*", "&#42;", StringComparison.Ordinal)
        .Replace("_", "&#95;", StringComparison.Ordinal).Replace("[", "&#91;", StringComparison.Ordinal);

    private static string Quoted(string text) =>
        text.AsSpan().IndexOfAny(",\"\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static IEnumerable<string[]> Rows(string csv)
    {
        var (row, cell, inQuotes) = (new List<string>(), new StringBuilder(), false);
        for (var i = 0; i < csv.Length; i++)
        {
            if (csv[i] == '"' && inQuotes && i + 1 < csv.Length && csv[i + 1] == '"') cell.Append(csv[i++]);
            else if (csv[i] == '"') inQuotes = !inQuotes;
            else if (csv[i] is ',' or '\n' && !inQuotes)
            {
                row.Add(cell.ToString());
                cell.Clear();
                if (csv[i] == ',') continue;
                yield return [.. row];
                row.Clear();
            }
            else cell.Append(csv[i]);
        }
    }
}
