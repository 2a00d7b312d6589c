using System.CommandLine;
using System.Text.Json;
using Ablation.Benchmarks;
using Ablation.Experiments.Processes;
using Ablation.Experiments.Reports.Micro;
using Ablation.Experiments.Reports.Page;
using Ablation.Experiments.Store;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Kernels;
using Ablation.Harness.Native;
using Ablation.Harness.Provenance;
using TorchSharp;
using static Ablation.Experiments.Commands.GridOptions;

namespace Ablation.Experiments.Commands;

/// <summary><c>ablation bench train</c>: times the whole training loop, the bare network, and PyTorch.</summary>
internal static class BenchTrain
{
    private const string Name = "bench train";
    private const string OneOption = "--one";
    private const int PeakSteps = 4; // memory peaks by the second step

    public static Command Build()
    {
        var job = new Option<string>(
            "--job")
        {
            Description = "short (5 rounds; float32, channels-last) or full (9 rounds, both precisions and layouts)",
            DefaultValueFactory = _ => "short"
        }.AcceptOnlyFromAmong("short", "full");
        var networks = Several<string>("--network", "only these: small, MobileFaceNet, IResNet-18, IResNet-50");
        var pixels = Several<int>("--pixels", "sides of the network's input (32 56 112)");
        var batches = Several<int>("--batch", "batch sizes (32)");
        var threads = Several<int>("--threads", "threads of libtorch and of the decoders (every core)");
        var precisions = Several<Precision>("--precision", "float32, bfloat16");
        var layouts = Several<string>("--layout", "channels-last, contiguous");
        var losses = Several<string>("--loss", "losses of the head (ArcFace)");
        var device = new Option<string>("--device") { Description = "auto, cpu, cuda, cuda:N or mps", DefaultValueFactory = _ => "cpu" };
        var pack = new Option<string?>(
            "--data-pack")
        { Description = "a RecordIO pack (.rec) of training faces; by default synthetic faces are painted into a temporary pack" };
        var rounds = new Option<int?>("--rounds") { Description = "number of rounds; that of the job by default" };
        var seconds = new Option<double>("--seconds")
        {
            Description = "approximate length of each turn of a round",
            DefaultValueFactory = _ => 1.5
        };
        var peers = new Option<bool>(
            "--peers")
        { Description = "also trains the same networks in PyTorch (Python with torch, numpy and PIL), alternating with this program" };
        var one = new Option<string?>(OneOption)
        {
            Description = "trains one case, given as JSON, and prints its peak memory",
            Hidden = true
        };
        var results = CommandOptions.Results();
        var command = new Command("train", "times the training loop; writes micro/training.csv, training.md and a plot below --results")
        {
            job, networks, pixels, batches, threads, precisions, layouts, losses, device, pack, rounds, seconds, peers, one, results,
        };
        command.SetAction((parsed, cancel) => MainThread.Run(() =>
        {
            if (parsed.GetValue(one) is { } json) return One(json, parsed.GetValue(pack)!, cancel);
            var standard = TrainGrid.Standard(parsed.GetValue(job) == "full");
            var grid = standard with
            {
                NetworkNames = Chosen(Name, parsed.GetValue(networks), standard.NetworkNames),
                Pixels = Positive("--pixels", Chosen(Name, parsed.GetValue(pixels), standard.Pixels, free: true), 1),
                // batch normalisation needs two images
                Batches = Positive("--batch", Chosen(Name, parsed.GetValue(batches), standard.Batches, free: true), 2),
                Threads = Positive("--threads", Chosen(Name, parsed.GetValue(threads), standard.Threads, free: true), 1),
                Precisions = Chosen(Name, parsed.GetValue(precisions), Enum.GetValues<Precision>()) is var precision
                    && parsed.GetValue(precisions) is { Length: > 0 } ? precision : standard.Precisions,
                Layouts = Chosen(Name, parsed.GetValue(layouts), [TrainGrid.ChannelsLast, TrainGrid.Contiguous]) is var layout
                    && parsed.GetValue(layouts) is { Length: > 0 } ? layout : standard.Layouts,
                Losses = parsed.GetValue(losses) is { Length: > 0 } named
                    ? Chosen(Name, named, [.. LossGrid.Known().Keys.Order(StringComparer.Ordinal)]) : standard.Losses,
                Device = Devices.Find(parsed.GetRequiredValue(device)).ToString(),
                Rounds = Positive("--rounds", [parsed.GetValue(rounds) ?? standard.Rounds], 1)[0],
                TurnSeconds = parsed.GetValue(seconds) is >= 0 and <= 600 and var length
                    ? length : throw new ArgumentException("--seconds: must be 0 to 600"),
                Peers = parsed.GetValue(peers),
            };
            foreach (var refused in grid.Cases().Where(refused => !refused.Backbone.Accepts(refused.Pixels)))
                throw new ArgumentException($"--pixels {refused.Pixels}: {refused.Network} does not accept this size; use 16 to 512");
            return Run(grid, parsed.GetValue(pack), Path.Combine(parsed.GetRequiredValue(results).FullName, "micro"), cancel);
        }));
        return command;
    }

    /// <summary>Measures and writes the files, which are replaced at the end, completely or not at all.</summary>
    /// <param name="pack">Null to paint a temporary one.</param>
    private static int Run(TrainGrid grid, string? pack, string folder, CancellationToken cancel)
    {
        var file = Path.Combine(folder, "training.csv");
        var earlier = File.Exists(file) ? TrainCsv.Read(file) : [];
        var painted = pack is null ? Directory.CreateTempSubdirectory("ablation-pack-").FullName : null;
        using var tidy = StopRequests.BeforeForcedEnd(() =>
        {
            if (painted is not null) PatientFile.DeleteFolder(painted, recursive: true);
        });
        try
        {
            if (painted is not null) Console.WriteLine("painting training faces");
            var rec = pack ?? SyntheticPack.Write(painted!, SyntheticPack.Standard);
            var (begun, count) = (0, grid.Cases().Count());
            var run = TrainRun.Measure(grid, rec, one => FreshProcess.Peak(one, rec, cancel),
                one => Console.WriteLine($"[{++begun}/{count}] {one}"), cancel);
            var machine = Machine.Provenance(new TrialPlace(new DataRoot("."), torch.CPU, 0), DateTimeOffset.UtcNow, 0, 0, 0);
            var source = painted is null ? null : "painted"; // the temporary folder has a meaningless name
            var now = run.Timings.Select(timing => new TrainRow(source is null ? timing : timing with { Source = source }, machine.Commit))
                .ToList();
            foreach (var (one, reason) in run.Failed) Console.WriteLine($"failed: {one}: {reason}");
            if (now.Count == 0) throw new InvalidDataException($"{Name}: no case finished");

            var rows = TrainRow.Merge(earlier, now, run.Failed.Select(failed => failed.Case));
            using (var plot = TrainPlots.Speed(rows)) plot.Save(folder, "training");
            var place = $"{machine.Machine}, {machine.OperatingSystem}, {machine.Runtime}, TorchSharp {machine.TorchSharp}";
            List<string> remarks = [.. Remarks(run), .. BenchConsistency.Contradictions(rows)
                .Select(problem => $"Contradiction, measure again: {problem}.")];
            var document = TrainReport.Build(rows, $"{place}, commit {machine.Commit}", remarks, "training.png");
            AtomicFile.Write(Path.Combine(folder, "training.md"), MarkdownWriter.Write(document));
            AtomicFile.Write(file, TrainCsv.Write(rows));
            AtomicFile.Write(Path.Combine(folder, "training-machine.txt"), place + "\n");

            Console.WriteLine();
            foreach (var row in now) Console.WriteLine(Line(row.Timing));
            foreach (var remark in remarks) Console.WriteLine(remark);
            Console.WriteLine(file);
            return run.Failed.Count > 0 ? 1 : 0;
        }
        finally
        {
            if (painted is not null) PatientFile.DeleteFolder(painted, recursive: true);
        }
    }

    private static int One(string json, string pack, CancellationToken cancel)
    {
        var bytes = TrainRun.Peak(JsonSerializer.Deserialize<TrainCase>(json)!, pack, PeakSteps, cancel);
        Console.WriteLine(JsonSerializer.Serialize(bytes));
        return 0;
    }

    private static string Line(TrainTiming timing)
    {
        var peer = timing.Peer is { } other
            ? $", PyTorch {other.Whole:F1}: {other.WholeToPeer.Median:F2} x as fast ({other.WholeToPeer.Low:F2} to " +
                $"{other.WholeToPeer.High:F2})" : "";
        return $"  {timing.Case}: {timing.Whole:F1} images/s, {timing.WholeToBare.Median:F3} of bare ({timing.WholeToBare.Low:F3} to " +
            $"{timing.WholeToBare.High:F3}){peer}";
    }

    private static List<string> Remarks(TrainRun run)
    {
        var remarks = run.Failed.Select(failed => $"Failed, and not in the tables: {failed.Case}: {failed.Reason}").ToList();
        // a missing Python fails every case for the same reason
        remarks.AddRange(run.PeerProblems.Select(problem => run.Peer is null
            ? problem[(problem.IndexOf(": ", StringComparison.Ordinal) + 2)..] : problem).Distinct()
            .Select(problem =>
                $"PyTorch was not timed: " +
                $"{problem}{(run.Peer is null ? ". On Debian: apt install python3-torch python3-pil libopenblas0-pthread." : "")}"));
        if (run.Peer is not null)
            remarks.Add($"PyTorch {run.Peer}: the same networks by autograd, a DataLoader with as many processes as threads, " +
                $"alternating with this program; its allocator and its waiting threads are set as in this program.");
        return remarks;
    }
}
