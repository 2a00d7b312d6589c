using System.CommandLine;
using System.Text.Json;
using Ablation.Benchmarks;
using Ablation.Experiments.Processes;
using Ablation.Experiments.Reports.Micro;
using Ablation.Experiments.Reports.Page;
using Ablation.Experiments.Store;
using Ablation.Harness.Faces;
using Ablation.Harness.Kernels;
using Ablation.Harness.Native;
using Ablation.Harness.Provenance;
using Ablation.Harness.Training;
using TorchSharp;
using static Ablation.Experiments.Commands.GridOptions;

namespace Ablation.Experiments.Commands;

/// <summary><c>ablation bench train</c>: times the whole training loop, of the bare network, and of PyTorch.</summary>
internal static class BenchTrain
{
    private const string Name = "bench train";
    private const string OneOption = "--one";
    private const int PeakSteps = 4; // memory has its height after the second

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
        { Description = "a RecordIO pack (.rec) of training faces; without, faces are painted into a temporary one" };
        var rounds = new Option<int?>("--rounds") { Description = "rounds, in place of the job's" };
        var seconds = new Option<double>("--seconds")
        {
            Description = "about how long each turn of a round lasts",
            DefaultValueFactory = _ => 1.5
        };
        var peers = new Option<bool>(
            "--peers")
        { Description = "also trains the same networks by PyTorch (Python with torch, numpy and PIL), in turns with ours" };
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
                // a normalisation needs two
                Batches = Positive("--batch", Chosen(Name, parsed.GetValue(batches), standard.Batches, free: true), 2),
                Threads = Positive("--threads", Chosen(Name, parsed.GetValue(threads), standard.Threads, free: true), 1),
                Precisions = Chosen(Name, parsed.GetValue(precisions), Enum.GetValues<Precision>()) is var asked
                    && parsed.GetValue(precisions) is { Length: > 0 } ? asked : standard.Precisions,
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
                throw new ArgumentException($"--pixels {refused.Pixels}: {refused.Network} does not take it; 16 to 512 do");
            return Run(grid, parsed.GetValue(pack), Path.Combine(parsed.GetRequiredValue(results).FullName, "micro"), Console.Out, cancel);
        }));
        return command;
    }

    /// <summary>Measures and writes the files, which are replaced at the end, whole, or not at all.</summary>
    /// <param name="pack">Null paints one.</param>
    public static int Run(TrainGrid grid, string? pack, string folder, TextWriter output, CancellationToken cancel)
    {
        var file = Path.Combine(folder, "training.csv");
        var earlier = File.Exists(file) ? TrainCsv.Read(file) : [];
        var painted = pack is null ? Directory.CreateTempSubdirectory("ablation-pack-").FullName : null;
        using var tidy = StopRequests.BeforeForcedEnd(() => { if (painted is not null) Directory.Delete(painted, recursive: true); });
        try
        {
            if (painted is not null) output.WriteLine("painting training faces");
            var rec = pack ?? SyntheticPack.Write(painted!, SyntheticPack.Standard);
            var (begun, count) = (0, grid.Cases().Count());
            var run = TrainRun.Measure(grid, rec, one => FreshProcess.Peak(one, rec, cancel),
                one => output.WriteLine($"[{++begun}/{count}] {one}"), cancel);
            var machine = Machine.Provenance(new TrialPlace(new DataRoot("."), torch.CPU, 0), DateTimeOffset.UtcNow, 0, 0, 0);
            var source = painted is null ? null : "painted"; // the folder's name says nothing
            var now = run.Timings.Select(timing => new TrainRow(source is null ? timing : timing with { Source = source }, machine.Commit))
                .ToList();
            foreach (var (one, reason) in run.Failed) output.WriteLine($"failed: {one}: {reason}");
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

            output.WriteLine();
            foreach (var row in now) output.WriteLine(Line(row.Timing));
            foreach (var remark in remarks) output.WriteLine(remark);
            output.WriteLine(file);
            return run.Failed.Count > 0 ? 1 : 0;
        }
        finally
        {
            if (painted is not null) Directory.Delete(painted, recursive: true);
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
        // a Python that is not there fails every case alike
        remarks.AddRange(run.PeerProblems.Select(problem => run.Peer is null
            ? problem[(problem.IndexOf(": ", StringComparison.Ordinal) + 2)..] : problem).Distinct()
            .Select(problem =>
                $"PyTorch was not timed: " +
                $"{problem}{(run.Peer is null ? ". On Debian: apt install python3-torch python3-pil libopenblas0-pthread." : "")}"));
        if (run.Peer is not null)
            remarks.Add($"PyTorch {run.Peer}: the same networks by autograd, a DataLoader with as many processes as threads, in turns " +
                $"with ours; its allocator and its waiting threads set as this program sets its own.");
        return remarks;
    }
}
