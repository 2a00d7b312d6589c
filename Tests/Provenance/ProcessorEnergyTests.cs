using Ablation.Harness.Provenance;

namespace Ablation.Tests.Provenance;

/// <summary>Counters of energy: packages alone, over the point where they start again, and nothing where one cannot be read.</summary>
public sealed class ProcessorEnergyTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void Make() => folder = new TemporaryFolder();

    [TearDown]
    public void Remove() => folder.Dispose();

    [Test]
    public void Whole_packages_are_summed_and_their_parts_are_not()
    {
        Domain("intel-rapl-0", "package-0", 1_000_000);
        Domain("intel-rapl-1", "package-1", 5_000_000);
        Domain("intel-rapl-2", "psys", 0);
        Domain("intel-rapl-0-0", "core", 0);
        Domain("intel-rapl-mmio-0", "package-0", 0);
        var energy = new ProcessorEnergy(folder.Path);
        Assert.That(energy.Read(), Is.Zero);
        Domain("intel-rapl-0", "package-0", 3_500_000);
        Domain("intel-rapl-1", "package-1", 6_000_000);
        foreach (var part in new[] { "intel-rapl-2", "intel-rapl-0-0", "intel-rapl-mmio-0" }) Count(part, 777_000_000);
        Assert.That(energy.Read(), Is.EqualTo(3.5));
        Assert.That(energy.Read(), Is.EqualTo(3.5), "a look takes nothing");
    }

    [Test]
    public void A_counter_that_starts_over_loses_nothing_as_long_as_it_is_looked_at()
    {
        Domain("intel-rapl-0", "package-0", 9_000_000, range: 10_000_000);
        var energy = new ProcessorEnergy(folder.Path);
        Count("intel-rapl-0", 2_000_000);
        Assert.That(energy.Read(), Is.EqualTo(3));
        Count("intel-rapl-0", 1_000_000);
        Assert.That(energy.Read(), Is.EqualTo(12));
    }

    [Test]
    public void Without_a_counter_there_is_no_number()
    {
        Assert.That(new ProcessorEnergy(folder.File("nowhere")).Read(), Is.Null);
        Assert.That(new ProcessorEnergy(folder.Path).Read(), Is.Null);
    }

    [Test]
    public void A_counter_that_cannot_be_read_once_makes_the_sum_unknown()
    {
        Domain("intel-rapl-0", "package-0", 1_000_000);
        Domain("intel-rapl-1", "package-1", 1_000_000);
        var energy = new ProcessorEnergy(folder.Path);
        File.Delete(Path.Combine(folder.Path, "intel-rapl-1", "energy_uj"));
        Assert.That(energy.Read(), Is.Null);
        Count("intel-rapl-1", 2_000_000);
        Assert.That(energy.Read(), Is.Null, "what came between is not known");
        File.Delete(Path.Combine(folder.Path, "intel-rapl-1", "energy_uj"));
        Assert.That(new ProcessorEnergy(folder.Path).Read(), Is.Null);
    }

    [Test]
    public void Attempts_add_up_and_what_one_does_not_know_nobody_knows()
    {
        var first = new Spent(DateTimeOffset.UnixEpoch, 10, 700, 5, 50);
        var second = new Spent(DateTimeOffset.UnixEpoch.AddHours(1), 20, 300, 6, 60);
        Assert.That(ProvenanceMeter.Sum(first, second), Is.EqualTo(new Spent(DateTimeOffset.UnixEpoch, 30, 700, 11, 110)));
        Assert.That(ProvenanceMeter.Sum(first with { ProcessorJoules = null, PeakBytes = null }, second),
            Is.EqualTo(new Spent(DateTimeOffset.UnixEpoch, 30, null, null, 110)));
        Assert.That(ProvenanceMeter.Sum(first, second with { GpuJoules = null, PeakBytes = 900 }),
            Is.EqualTo(new Spent(DateTimeOffset.UnixEpoch, 30, 900, 11, null)));
    }

    /// <summary>A colon would be no file name on Windows; the pattern takes both.</summary>
    private void Domain(string domain, string name, long microjoules, long range = 1_000_000_000)
    {
        Directory.CreateDirectory(Path.Combine(folder.Path, domain));
        File.WriteAllText(Path.Combine(folder.Path, domain, "name"), name + "\n");
        File.WriteAllText(Path.Combine(folder.Path, domain, "max_energy_range_uj"), $"{range}\n");
        Count(domain, microjoules);
    }

    private void Count(string domain, long microjoules) =>
        File.WriteAllText(Path.Combine(folder.Path, domain, "energy_uj"), $"{microjoules}\n");
}
