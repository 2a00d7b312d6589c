using Ablation.Benchmarks;
using Ablation.Experiments.Reports.Micro;

namespace Ablation.Tests.Statistics;

/// <summary>The stored simulation is that of the procedure as it is now, and keeps its level.</summary>
[Parallelizable]
public sealed class SimulatedTablesTests
{
    private static readonly IReadOnlyList<SimulationRow> Stored =
        SimulationCsv.Read(Path.Combine(Repository.Root, "docs", "benchmarks", "statistics.csv"));

    [TestCase(Scatter.Measured, 5, 3)]
    [TestCase(Scatter.LoudBaseline, 3, 5)]
    public void A_stored_case_is_what_the_procedure_gives(Scatter scatter, int losses, int seeds)
    {
        var row = Stored.Single(row => row.Case == new SimulatedCase(scatter, losses, seeds));
        Assert.That(SimulatedTables.Run(row.Case, row.Rates.Tables), Is.EqualTo(row.Rates));
    }

    [Test]
    public void A_part_of_a_case_is_a_part_of_its_tables()
    {
        var one = new SimulatedCase(Scatter.TimesFour, 5, 3, Difference: 5, Margin: 3, People: 0.5);
        var (few, again) = (SimulatedTables.Run(one, 200), SimulatedTables.Run(one, 200));
        Assert.That(few, Is.EqualTo(again), "the same in every run, on any number of threads");
        Assert.That(few.Found, Is.InRange(0.7, 1));
        Assert.That(few.AloneCovers, Is.InRange(0.88, 1));
        Assert.That(few.PeopleCovers, Is.InRange(0.88, 1));
        Assert.That(few.Equal, Is.InRange(0.4, 1));
        Assert.That(few.AnyFalse, Is.LessThan(0.12));
    }

    [Test]
    public void Every_case_of_the_page_is_stored() =>
        Assert.That(Stored.Select(row => row.Case), Is.EqualTo(SimulatedCase.Standard));

    [Test]
    public void With_five_seeds_or_more_and_five_losses_false_verdicts_are_below_6_percent() => Assert.That(
        Stored.Where(row => row.Case is { Seeds: >= 5, Losses: >= 5, Difference: 0 }).Select(row => row.Rates.AnyFalse),
        Is.All.LessThan(0.06));

    [Test]
    public void A_file_reads_back_bit_for_bit()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("statistics.csv"), SimulationCsv.Write(Stored));
        Assert.That(SimulationCsv.Read(folder.File("statistics.csv")), Is.EqualTo(Stored));
        File.WriteAllText(folder.File("wrong.csv"),
            SimulationCsv.Write(Stored).Replace("Equal,3,2", "Equal,x,2", StringComparison.Ordinal));
        Assert.That(() => SimulationCsv.Read(folder.File("wrong.csv")),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("wrong.csv(2)"));
    }
}
