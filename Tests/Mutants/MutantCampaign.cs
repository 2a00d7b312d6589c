using System.Collections.Concurrent;
using System.Diagnostics;

namespace Ablation.Tests.Mutants;

/// <summary>Runs the tests of every mutant, one mutant per processor at a time, and writes the table and the page.</summary>
internal sealed class MutantCampaign : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(60), MostAlone = TimeSpan.FromMinutes(10);
    private readonly ConcurrentBag<TestCopy> copies = [.. Enumerable.Range(0, Environment.ProcessorCount)
        .Select(number => new TestCopy(number))];
    private readonly ConcurrentDictionary<string, TimeSpan> times = new();
    private readonly ConcurrentBag<string> broken = [];
    private readonly Lock writing = new();
    private readonly ConcurrentDictionary<(string, string, string), MutantOutcome> outcomes = new();

    /// <param name="parts">Parts of the path or text of the chosen mutants; empty for all. The others keep their outcome of the table.
    /// </param>
    /// <returns>0 if every mutant is killed or equivalent, 1 for survivors, 2 if tests fail without a mutant.</returns>
    public static int Run(IReadOnlyList<string> parts)
    {
        using var campaign = new MutantCampaign();
        var chosen = Mutant.All.Where(mutant => mutant.Equivalent is null
            && (parts.Count == 0
                || parts.Any(part => $"{mutant.File} {mutant.Original}".Contains(part, StringComparison.OrdinalIgnoreCase)))).ToList();
        campaign.Each(chosen.SelectMany(mutant => mutant.Tests).Distinct(), campaign.RunAlone);
        foreach (var group in chosen.GroupBy(mutant => mutant.Project))
        {
            var project = new MutatedProject(group.Key);
            campaign.Each(group, (mutant, copy) => campaign.Mutate(project, mutant, copy));
        }

        Console.WriteLine(
            $"{MutantTable.Share([.. campaign.outcomes.Values])} in this run; {MutantTable.Share(MutantTable.Read())} in the table");
        if (campaign.broken.IsEmpty) return campaign.outcomes.Values.All(one => one.KilledBy is not null) ? 0 : 1;
        Console.WriteLine(
            $"left out, since they fail without a mutant: {string.Join(", ", campaign.broken.Order(StringComparer.Ordinal))}");
        return 2;
    }

    public void Dispose()
    {
        foreach (var copy in copies) copy.Dispose();
    }

    /// <summary>Runs a fixture without a mutant to measure its time and to see whether it passes.</summary>
    private void RunAlone(string fixture, TestCopy copy)
    {
        var clock = Stopwatch.StartNew();
        var (killer, message) = copy.Run([fixture], MostAlone);
        times[fixture] = clock.Elapsed;
        if (killer is not null) broken.Add(fixture);
        Say(killer is null ? "passes" : "FAILS", clock, $"{fixture} {killer} {message}");
    }

    private void Mutate(MutatedProject project, Mutant mutant, TestCopy copy)
    {
        var tests = mutant.Tests.Except(broken).ToList(); // a test that fails without the mutant cannot detect it
        if (tests.Count == 0) return;
        var clock = Stopwatch.StartNew();
        if (project.Write(mutant, copy.Assembly(mutant.Project)) is { } refused)
            throw new InvalidDataException($"{mutant.File}: \"{mutant.Mutated}\" does not compile: {refused}");
        var (killer, message) = copy.Run(tests, Grace + 5 * TimeSpan.FromSeconds(tests.Sum(test => times[test].TotalSeconds)));
        copy.Restore(mutant.Project);
        outcomes[mutant.Place] = new MutantOutcome(mutant.File, mutant.Original, mutant.Mutated, killer, null);
        lock (writing) Write(); // a stopped campaign keeps its outcomes
        Say(killer is null ? "SURVIVED" : "killed", clock, $"{mutant.File}: {mutant.Original} -> {mutant.Mutated}: {killer} {message}");
    }

    /// <summary>Writes the outcomes of this run, and of earlier ones for mutants not run.</summary>
    private void Write()
    {
        var stored = MutantTable.Read().ToDictionary(one => one.Place);
        var table = Mutant.All.Select(mutant => mutant.Equivalent is { } reason
            ? new MutantOutcome(mutant.File, mutant.Original, mutant.Mutated, null, reason)
            : outcomes.TryGetValue(mutant.Place, out var outcome)
            ? outcome : stored.GetValueOrDefault(mutant.Place) ?? MutantOutcome.NotRun(mutant)).ToList();
        File.WriteAllText(MutantTable.CsvPath, MutantTable.Csv(table));
        File.WriteAllText(MutantTable.PagePath, MutantTable.Page(File.ReadAllText(MutantTable.PagePath), table));
    }

    private static void Say(string what, Stopwatch clock, string text)
    {
        var line = text.ReplaceLineEndings(" ");
        Console.WriteLine($"{what} {clock.Elapsed.TotalSeconds,4:0} s {(line.Length > 300 ? line[..300] : line)}");
    }

    private void Each<T>(IEnumerable<T> items, Action<T, TestCopy> action) => Parallel.ForEach(
        Partitioner.Create(items, EnumerablePartitionerOptions.NoBuffering), new ParallelOptions { MaxDegreeOfParallelism = copies.Count },
            item =>
        {
            if (!copies.TryTake(out var copy)) throw new InvalidOperationException("more mutants at once than copies");
            try
            {
                action(item, copy);
            }
            finally
            {
                copies.Add(copy);
            }
        });
}
