using System.Collections.Concurrent;
using System.Diagnostics;

namespace Ablation.Tests.Mutants;

/// <summary>Runs the tests of every mutant, two at a time on two processors, and writes the table and the page.</summary>
internal static class MutantCampaign
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(60);

    /// <param name="parts">Of the paths of the files to be mutated; none for all. The others keep the outcome that the table has.</param>
    /// <returns>0 where every mutant is killed or equivalent, 1 for survivors, 2 where tests fail without a mutant.</returns>
    public static int Run(IReadOnlyList<string> parts)
    {
        var chosen = Mutant.All.Where(mutant => parts.Count == 0 || parts.Any(part => mutant.File.Contains(part, StringComparison.OrdinalIgnoreCase))).ToList();
        var killable = chosen.Where(mutant => mutant.Equivalent is null).ToList();
        var copies = new ConcurrentBag<TestCopy>(Enumerable.Range(0, Math.Max(1, Environment.ProcessorCount)).Select(number => new TestCopy(number)));
        try
        {
            var times = new ConcurrentDictionary<string, TimeSpan>();
            var broken = new ConcurrentBag<string>();
            Each(killable.SelectMany(mutant => mutant.Tests).Distinct().ToList(), copies, (fixture, copy) =>
            {
                var clock = Stopwatch.StartNew();
                var (killer, message) = copy.Run([fixture], TimeSpan.FromMinutes(10));
                times[fixture] = clock.Elapsed;
                Console.WriteLine(FormattableString.Invariant($"{(killer is null ? "passes" : "FAILS")} {clock.Elapsed.TotalSeconds,4:0} s {fixture} {killer} {message}"));
                if (killer is not null) broken.Add(fixture);
            });
            // a test that fails without a mutant says nothing of one
            var sound = killable.ConvertAll(mutant => (Mutant: mutant, Tests: mutant.Tests.Except(broken).ToList())).Where(one => one.Tests.Count > 0).ToList();
            var outcomes = Mutate(sound, copies, times);
            var stored = MutantTable.Read().ToDictionary(one => one.Place);
            var table = Mutant.All.Select(mutant => mutant.Equivalent is not null ? new MutantOutcome(mutant.File, mutant.Original, mutant.Mutated, null, mutant.Equivalent)
                : outcomes.TryGetValue(mutant.Place, out var outcome) ? outcome : stored.GetValueOrDefault(mutant.Place)).OfType<MutantOutcome>().ToList();
            File.WriteAllText(MutantTable.CsvPath, MutantTable.Csv(table));
            File.WriteAllText(MutantTable.PagePath, MutantTable.Page(File.ReadAllText(MutantTable.PagePath), table));
            Console.WriteLine($"{MutantTable.Share(outcomes.Values.ToList())} in this run; {MutantTable.Share(table)} in the table");
            if (!broken.IsEmpty) Console.WriteLine($"left out, since they fail without a mutant: {string.Join(", ", broken.Order())}; {killable.Count - sound.Count} mutants have no other test");
            return !broken.IsEmpty ? 2 : outcomes.Values.All(one => one.KilledBy is not null) ? 0 : 1;
        }
        finally
        {
            foreach (var copy in copies) copy.Dispose();
        }
    }

    private static ConcurrentDictionary<(string, string, string), MutantOutcome> Mutate(List<(Mutant Mutant, List<string> Tests)> mutants, ConcurrentBag<TestCopy> copies, ConcurrentDictionary<string, TimeSpan> times)
    {
        var outcomes = new ConcurrentDictionary<(string, string, string), MutantOutcome>();
        foreach (var group in mutants.GroupBy(one => one.Mutant.Project))
        {
            var project = new MutatedProject(group.Key);
            Each(group.ToList(), copies, (one, copy) =>
            {
                var (mutant, tests) = one;
                var clock = Stopwatch.StartNew();
                if (project.Write(mutant, copy.Assembly(mutant.Project)) is { } refused) throw new InvalidDataException($"{mutant.File}: \"{mutant.Mutated}\" does not compile: {refused}");
                var (killer, message) = copy.Run(tests, Grace + 5 * TimeSpan.FromSeconds(tests.Sum(test => times[test].TotalSeconds)));
                copy.Restore(mutant.Project);
                outcomes[mutant.Place] = new MutantOutcome(mutant.File, mutant.Original, mutant.Mutated, killer, null);
                var told = message.Length > 160 ? message[..160] : message;
                Console.WriteLine(FormattableString.Invariant($"{(killer is null ? "SURVIVED" : "killed")} {clock.Elapsed.TotalSeconds,4:0} s {mutant.File}: {mutant.Original} -> {mutant.Mutated}: {killer} {told.ReplaceLineEndings(" ")}"));
            });
        }

        return outcomes;
    }

    private static void Each<T>(List<T> items, ConcurrentBag<TestCopy> copies, Action<T, TestCopy> action) =>
        Parallel.ForEach(Partitioner.Create(items, EnumerablePartitionerOptions.NoBuffering), new ParallelOptions { MaxDegreeOfParallelism = copies.Count }, item =>
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
