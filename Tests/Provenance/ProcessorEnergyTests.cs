using Ablation.Harness.Provenance;

namespace Ablation.Tests.Provenance;

/// <summary>Energy counters: only packages count, overflow is handled, and an unreadable counter gives null.</summary>
public sealed class ProcessorEnergyTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void Make() => folder = new TemporaryFolder();

    [TearDown]
    public void Remove() => folder.Dispose();

    [Test]
    public void Packages_are_summed_without_their_parts()
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
        Assert.That(energy.Read(), Is.EqualTo(3.5), "reading changes nothing");
    }

    [Test]
    public void An_overflow_between_two_readings_loses_nothing()
    {
        Domain("intel-rapl-0", "package-0", 9_000_000, range: 10_000_000);
        var energy = new ProcessorEnergy(folder.Path);
        Count("intel-rapl-0", 2_000_000);
        Assert.That(energy.Read(), Is.EqualTo(3));
        Count("intel-rapl-0", 1_000_000);
        Assert.That(energy.Read(), Is.EqualTo(12));
    }

    [Test]
    public void Without_a_counter_there_is_no_energy()
    {
        Assert.That(new ProcessorEnergy(folder.File("nowhere")).Read(), Is.Null);
        Assert.That(new ProcessorEnergy(folder.Path).Read(), Is.Null);
    }

    [Test]
    public void One_failed_reading_makes_the_sum_unknown()
    {
        Domain("intel-rapl-0", "package-0", 1_000_000);
        Domain("intel-rapl-1", "package-1", 1_000_000);
        var energy = new ProcessorEnergy(folder.Path);
        File.Delete(Path.Combine(folder.Path, "intel-rapl-1", "energy_uj"));
        Assert.That(energy.Read(), Is.Null);
        Count("intel-rapl-1", 2_000_000);
        Assert.That(energy.Read(), Is.Null, "the energy in between is unknown");
        File.Delete(Path.Combine(folder.Path, "intel-rapl-1", "energy_uj"));
        Assert.That(new ProcessorEnergy(folder.Path).Read(), Is.Null);
    }

    [Test]
    public void Attempts_are_summed_and_one_unknown_makes_the_sum_unknown()
    {
        var first = new Spent(DateTimeOffset.UnixEpoch, 10, 700, 5, 50);
        var second = new Spent(DateTimeOffset.UnixEpoch.AddHours(1), 20, 300, 6, 60);
        Assert.That(ProvenanceMeter.Sum(first, second), Is.EqualTo(new Spent(DateTimeOffset.UnixEpoch, 30, 700, 11, 110)));
        Assert.That(ProvenanceMeter.Sum(first with { ProcessorJoules = null, PeakBytes = null }, second),
            Is.EqualTo(new Spent(DateTimeOffset.UnixEpoch, 30, null, null, 110)));
        Assert.That(ProvenanceMeter.Sum(first, second with { GpuJoules = null, PeakBytes = 900 }),
            Is.EqualTo(new Spent(DateTimeOffset.UnixEpoch, 30, 900, 11, null)));
        Assert.That(ProvenanceMeter.Sum(first with { DevicePeakBytes = 5 }, second with { DevicePeakBytes = 4 }).DevicePeakBytes,
            Is.EqualTo(5));
        Assert.That(ProvenanceMeter.Sum(first, second with { DevicePeakBytes = 4 }).DevicePeakBytes, Is.Null);
    }

    /// <summary>Names without a colon, which Windows forbids; the pattern accepts both.</summary>
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
