using System.CommandLine;
using Ablation.Benchmarks;
using Ablation.Experiments.Reports.Micro;
using Ablation.Experiments.Reports.Page;
using Ablation.Experiments.Store;
using Ablation.Harness.Faces;
using Ablation.Harness.Provenance;
using Ablation.Losses.Heads;
using TorchSharp;
using static Ablation.Experiments.Commands.GridOptions;

namespace Ablation.Experiments.Commands;

/// <summary>
/// <c>ablation bench losses</c> times the loss kernels against the matrix products that they need, and against PyTorch. <c>bench
/// train</c> (<see cref="BenchTrain"/>) times the whole loop, <c>bench store</c> (<see cref="BenchStore"/>) reading many results,
/// <c>bench evaluation</c> (<see cref="BenchEvaluation"/>) tests at full scale, <c>bench statistics</c> (<see cref="BenchStatistics"/>)
/// simulates the verdicts of tables.
/// </summary>
public sealed class BenchCommand : ISubcommand
{
    public Command Build() =>
        new("bench",
            "benchmarks: losses times every loss in every implementation, train the whole training loop, store reading many results, " +
            "evaluation tests at full scale, statistics the verdicts of tables whose truth is known")
        { Losses(), BenchTrain.Build(), BenchStore.Build(), BenchEvaluation.Build(), BenchStatistics.Build() };

    private static Command Losses()
    {
        var job = new Option<string>("--job")
        {
            Description = "short (7 iterations) or full (15)",
            DefaultValueFactory = _ => "short"
        }.AcceptOnlyFromAmong("short", "full");
        var losses = Several<string>("--loss", "only these losses: ArcFace, Npt, \"Npt (k 6)\", ...");
        var implementations = Several<HeadImplementation>("--implementation", "only these: straight, stored, tiled");
        var classes = Several<int>("--classes", "numbers of identities C (1000 10572 85742)");
        var batches = Several<int>("--batch", "batch sizes B (128 512)");
        var dimension = new Option<int>("--dimension") { Description = "dimension of an embedding", DefaultValueFactory = _ => 512 };
        var precision =
            new Option<MatmulPrecision>("--precision") { Description = "matmulPrecision of stored and tiled: highest, high or medium" };
        var peers = new Option<bool>(
            "--peers")
        { Description = "also times the usual PyTorch formulation (Python with torch), alternating with this program" };
        var compare = new Option<FileInfo?>("--compare")
        {
            Description =
            "an earlier losses.csv to compare with: separates regressions from noise; exit code 1 if any case is slower"
        };
        var (results, threads) = (CommandOptions.Results(), CommandOptions.Threads());
        var command = new Command("losses", "times the losses; writes micro/losses.csv, losses.md and plots below --results")
        {
            job, losses, implementations, classes, batches, dimension, precision, peers, compare, results, threads,
        };
        command.SetAction((parsed, cancel) => MainThread.Run(() =>
        {
            var standard = LossGrid.Standard(parsed.GetValue(job) == "full");
            var grid = standard with
            {
                Losses = Chosen("bench losses", parsed.GetValue(losses), standard.Losses),
                Implementations = Chosen("bench losses", parsed.GetValue(implementations), standard.Implementations),
                Classes = Positive("--classes", Chosen("bench losses", parsed.GetValue(classes), standard.Classes, free: true), 2),
                Batches = Positive("--batch", Chosen("bench losses", parsed.GetValue(batches), standard.Batches, free: true), 1),
                Dimension = Positive("--dimension", [parsed.GetValue(dimension)], 1)[0],
                Threads = parsed.GetValue(threads) is > 0 and var given ? given : Environment.ProcessorCount,
                Precision = parsed.GetValue(precision),
                Peers = parsed.GetValue(peers),
            };
            // a wrong file is reported before the run
            var before = parsed.GetValue(compare) is { } file ? MicroCsv.Read(file.FullName) : null;
            return Run(grid, Path.Combine(parsed.GetRequiredValue(results).FullName, "micro"), before, cancel);
        }));
        return command;
    }

    /// <summary>Measures, writes the files and compares. The files are replaced at the end, completely or not at all.</summary>
    private static int Run(LossGrid grid, string folder, IReadOnlyList<MicroRow>? before, CancellationToken cancel)
    {
        var file = Path.Combine(folder, "losses.csv");
        var earlier = File.Exists(file) ? MicroCsv.Read(file) : [];
        var count = grid.Cases().Count();
        if (count == 0)
            throw new ArgumentException(
                "bench losses: no case is left; NPT has no stored implementation, and a loss without a kernel only the straight one");
        var begun = 0;
        var run = LossRun.Measure(grid, Path.Combine(folder, "benchmarkdotnet"),
            one => Console.WriteLine($"[{++begun}/{count}] {one}"), cancel);
        var machine = Machine.Provenance(new TrialPlace(new DataRoot("."), torch.CPU, grid.Threads), DateTimeOffset.UtcNow, 0, 0, 0);
        var now = run.Timings.Select(timing => MicroRow.FromTiming(timing, grid, machine.Commit)).ToList();
        if (now.Count == 0) throw new InvalidDataException($"bench losses: no case finished; the log is in {folder}");

        var rows = MicroRow.Merge(earlier, now, run.Failed.Select(one => MicroRow.KeyOf(one, grid)));
        using (var ratio = MicroPlots.Ratio(rows)) ratio.Save(folder, "ratio-to-floor");
        using (var memory = MicroPlots.Memory(rows)) memory.Save(folder, "memory");
        var place = $"{machine.Machine}, {machine.OperatingSystem}, {machine.Runtime}, TorchSharp {machine.TorchSharp}";
        List<string> remarks = [.. Remarks(run), .. BenchConsistency.Contradictions(rows)
            .Select(problem => $"Contradiction, measure again: {problem}.")];
        var document = MicroReport.Build(rows, $"{place}, commit {machine.Commit}", remarks,
            [("Forward and backward over the floor", "ratio-to-floor.png"),
                ("Peak memory; the grey line is one B x C matrix", "memory.png")]);
        AtomicFile.Write(Path.Combine(folder, "losses.md"), MarkdownWriter.Write(document));
        AtomicFile.Write(file, MicroCsv.Write(rows));
        AtomicFile.Write(Path.Combine(folder, "losses-machine.txt"), place + "\n");

        Console.WriteLine();
        foreach (var shape in now.GroupBy(row => (row.Key.Classes, row.Key.Batch)))
        {
            Console.WriteLine($"C = {shape.Key.Classes}, B = {shape.Key.Batch}");
            foreach (var row in shape) Console.WriteLine(Line(row));
        }

        foreach (var remark in remarks) Console.WriteLine(remark);
        Console.WriteLine(file);
        var slower = before is null ? 0 : Compare(before, now);
        return slower > 0 || run.Failed.Count > 0 ? 1 : 0;
    }

    private static string Line(MicroRow row)
    {
        var peer = row.PeerMs is { } ms
            ? $", PyTorch {ms:F1} ms (default allocator {row.PeerDefaultMs:F1}): {ms / row.ForwardBackwardMs:F2} x faster" : "";
        return $"  {row.Key.Loss,-18} {row.Key.Implementation,-9} {row.ForwardBackwardMs,9:F2} ms  {row.Ratio.Median,5:F2} x floor " +
            $"({row.Ratio.Low:F2} to {row.Ratio.High:F2}){peer}";
    }

    private static List<string> Remarks(LossRun run)
    {
        var remarks = run.Failed.Select(one => $"Failed, and not in the tables: {one}; BenchmarkDotNet's log has the reason.").ToList();
        if (run.NoPeer is not null)
            remarks.Add($"PyTorch was not timed: {run.NoPeer}. On Debian: apt install python3-torch libopenblas0-pthread.");
        if (run.Peer is not null)
            remarks.Add($"PyTorch {run.Peer}, autograd over the whole matrix, same shapes and threads, alternating with this program; " +
                $"\"tuned\" has the allocator set as this program sets its own.");
        return remarks;
    }

    private static int Compare(IReadOnlyList<MicroRow> before, IReadOnlyList<MicroRow> now)
    {
        var changes = MicroComparison.Compare(before, now);
        Console.WriteLine("\ncompared with the earlier file, by ratio to the floor:");
        foreach (var change in changes.Where(change => change.Verdict is MicroVerdict.Slower or MicroVerdict.Faster))
        {
            Console.WriteLine(
                $"  {change.Verdict.ToString().ToLowerInvariant(),-7} {change.Key.Loss}, {change.Key.Implementation}, " +
                $"{change.Key.Batch} x {change.Key.Classes}: {change.Before!.Ratio.Median:F2} -> {change.Now!.Ratio.Median:F2} " +
                $"({100 * change.Change:+0;-0} %)");
        }

        var noise = changes.Count(change => change.Verdict == MicroVerdict.Noise);
        Console.WriteLine(
            $"  {noise} within noise (intervals overlap, or less than {100 * MicroComparison.Least:F0} %), " +
            $"{changes.Count(change => change.Verdict == MicroVerdict.Unmatched)} not in the earlier file");
        return changes.Count(change => change.Verdict == MicroVerdict.Slower);
    }
}
