namespace Ablation.Tests.Mutants;

/// <summary>The list of mutants fits the source, and table and page match the list.</summary>
public sealed class MutantListTests
{
    private const string Cure = "run: dotnet run --project Tests -c Release -- mutants";

    private static IEnumerable<string> Files => Mutant.All.Select(mutant => mutant.File).Distinct();

    [TestCaseSource(nameof(Files))]
    public void Every_mutants_text_occurs_once(string file) => Assert.Multiple(() =>
    {
        foreach (var mutant in Mutant.All.Where(mutant => mutant.File == file))
        {
            Assert.That(() => mutant.Source(), Throws.Nothing);
            Assert.That(mutant.Mutated, Is.Not.EqualTo(mutant.Original));
        }
    });

    [Test]
    public void Every_mutant_is_listed_once_and_names_existing_tests() => Assert.Multiple(() =>
    {
        Assert.That(Mutant.All, Has.Count.GreaterThanOrEqualTo(60));
        Assert.That(Mutant.All.Select(mutant => mutant.Place), Is.Unique);
        Assert.That(Mutant.All.Select(mutant => mutant.Project).Distinct(), Is.EquivalentTo(new[] { "Losses", "Harness", "Experiments" }));
        foreach (var mutant in Mutant.All)
        {
            Assert.That(mutant.Tests, mutant.Equivalent is null ? Is.Not.Empty : Is.Empty, mutant.Original);
            Assert.That(mutant.Tests.Where(test => !FixtureRun.Knows(test)), Is.Empty, mutant.Original);
        }
    });

    [Test]
    public void The_table_matches_the_list_and_has_the_outcomes()
    {
        var rows = MutantTable.Read();
        Assert.That(rows.Select(row => row.Place), Is.EqualTo(Mutant.All.Select(mutant => mutant.Place)), Cure);
        Assert.That(rows.Select(row => row.Equivalent), Is.EqualTo(Mutant.All.Select(mutant => mutant.Equivalent)));
        var asked = rows.Where(row => row.Equivalent is null).ToList();
        Assert.That(asked.Count(row => row.Ran), Is.GreaterThanOrEqualTo(0.9 * asked.Count), "most of the list was run");
        Assert.That(asked.Count(row => row.KilledBy is not null), Is.GreaterThanOrEqualTo(0.95 * asked.Count(row => row.Ran)),
            MutantTable.Share(rows));
        Assert.That(MutantTable.Csv(rows), Is.EqualTo(File.ReadAllText(MutantTable.CsvPath).ReplaceLineEndings("\n")));
    }

    [Test]
    public void A_written_table_reads_back()
    {
        MutantOutcome[] rows =
        [
            new("a.cs", "x, \"y\"\nz", "", "T.Test", null), new("b.cs", "x", "y", null, "why, so"),
            new("c.cs", "1", "2", null, null), new("d.cs", "1", "2", null, null) { Ran = false },
        ];
        Assert.That(MutantTable.Parse(MutantTable.Csv(rows)), Is.EqualTo(rows));
        Assert.That(MutantTable.Share(rows), Is.EqualTo("1 of 2 killed (50.0 %)"));
    }

    [Test]
    public void The_page_shows_the_stored_table()
    {
        var page = File.ReadAllText(MutantTable.PagePath).ReplaceLineEndings("\n");
        Assert.That(MutantTable.Page(page, MutantTable.Read()), Is.EqualTo(page), Cure);
    }
}
