using System.CommandLine;
using System.Diagnostics;
using Ablation.Benchmarks;
using Ablation.Experiments.Processes;
using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;
using static Ablation.Experiments.Commands.GridOptions;

namespace Ablation.Experiments.Commands;

/// <summary>
/// <c>ablation bench evaluation</c>: times accuracy over folds, the search of a large gallery against the bare matrix product, and the
/// steps of IJB-C 1:1 on files of its full size against NumPy.
/// </summary>
internal static class BenchEvaluation
{
    private static readonly string[] Parts = ["pairs", "search", "ijb"];

    public static Command Build()
    {
        var part = Several<string>("--part", "only these: pairs, search, ijb");
        var (probes, gallery, dimension) = (Count("--probes", "probes of the search", 4000),
            Count("--gallery", "gallery rows of the search", 1_000_000), Count("--dimension", "embedding dimension of the search", 128));
        var rounds = Count("--rounds", "rounds of pairs and search", 3);
        var scale = new Option<double>("--scale")
        {
            Description = "size of the IJB files as a share of IJB-C's",
            DefaultValueFactory = _ => 1
        };
        var folder = new Option<DirectoryInfo?>("--folder")
        {
            Description =
            "folder that keeps the IJB files for later runs; a temporary folder by default (1.3 GB)"
        };
        var peers = new Option<bool>(
            "--peers")
        { Description = "also times the usual NumPy formulation of the IJB steps (Python with numpy, scipy and sklearn)" };
        var threads = CommandOptions.Threads();
        var command = new Command("evaluation",
            "times evaluation at full scale: 10-fold accuracy, rank-1 among a million, IJB-C 1:1") { part, probes, gallery, dimension,
                rounds, scale, folder, peers, threads };
        command.SetAction((parsed, cancel) => MainThread.Run(() =>
        {
            var chosen = Chosen("bench evaluation", parsed.GetValue(part), Parts);
            var cores = parsed.GetValue(threads) is > 0 and var given ? given : Environment.ProcessorCount;
            var turns = Positive("--rounds", [parsed.GetValue(rounds)], 1)[0];
            if (parsed.GetValue(scale) is not (> 0 and <= 1)) throw new ArgumentException("--scale: must be in (0, 1]");
            // comes first because it reports the peak memory of the process
            if (chosen.Contains("ijb"))
                InFolder(parsed.GetValue(folder), place => Ijb(place, parsed.GetValue(scale), parsed.GetValue(peers), cores));
            if (chosen.Contains("pairs")) Pairs(turns);
            if (chosen.Contains("search"))
            {
                Search(SearchBench.Run(Positive("--probes", [parsed.GetValue(probes)], 1)[0],
                    Positive("--gallery", [parsed.GetValue(gallery)], 1)[0],
                    Positive("--dimension", [parsed.GetValue(dimension)], 1)[0], cores, turns, cancel));
            }

            return 0;
        }));
        return command;
    }

    private static Option<int> Count(string name, string description, int standard) =>
        new(name) { Description = description, DefaultValueFactory = _ => standard };

    private static void InFolder(DirectoryInfo? kept, Action<string> work)
    {
        if (kept is not null)
        {
            work(kept.FullName);
            return;
        }

        var temporary = Directory.CreateTempSubdirectory("ablation-ijb-").FullName;
        using var tidy = StopRequests.BeforeForcedEnd(() => PatientFile.DeleteFolder(temporary, recursive: true));
        try
        {
            work(temporary);
        }
        finally
        {
            PatientFile.DeleteFolder(temporary, recursive: true);
        }
    }

    /// <summary>Prints the median time of the exact 10-fold accuracy of 6,000 random pairs.</summary>
    private static void Pairs(int rounds)
    {
        const int Pairs = 6000, Folds = 10;
        var random = new Random(1);
        var same = Enumerable.Range(0, Pairs).Select(i => i / (Pairs / Folds / 2) % 2 == 0).ToArray();
        var scores = new PairScores("pairs", [.. same.Select(isSame => (float)((isSame ? 0.9 : 1.2) + 0.8 * random.NextDouble()))], same,
            [.. same.Select((_, i) => i * Folds / Pairs)], Folds);
        var times = Enumerable.Range(0, 20 * rounds).Select(_ =>
        {
            var clock = Stopwatch.StartNew();
            FoldAccuracy.Exact(scores);
            return clock.Elapsed.TotalMilliseconds;
        }).ToList();
        Console.WriteLine(
            $"pairs   10-fold exact accuracy of {Pairs} pairs: first {times[0]:F1} ms, median {MedianInterval.Middle(times):F2} ms of " +
            $"{times.Count}");
    }

    private static void Search(SearchTiming timing)
    {
        Console.WriteLine(
            $"search  rank-1 of {timing.Probes} probes among {timing.Gallery} x {timing.Dimension}, {timing.Threads} threads, medians " +
            $"of {timing.Rounds} alternating rounds:");
        Console.WriteLine(
            $"        search {timing.Search:F2} s, product by tiles {timing.Tile:F2} s, product by libtorch {timing.Torch:F2} s " +
            $"({timing.ProductRate / 1e9:F0} GFLOP/s), {100 * timing.ShareOfProduct:F0} % of it");
    }

    private static void Ijb(string folder, double scale, bool peers, int threads)
    {
        var size = IjbSize.C.Times(scale);
        var place = Path.Combine(folder, $"ijb-{size.Images}-{size.Templates}");
        var (root, embeddings) = (place, Path.Combine(place, "embeddings.npy"));
        if (!File.Exists(embeddings)) IjbBench.Prepare(place, size, 512, seed: 1); // written last
        var result = IjbBench.Run(root, embeddings, peers, threads);
        Console.WriteLine(
            $"ijb     {size.Images} images, {size.Templates} templates, {size.Pairs} pairs, D = 512, {threads} threads, each step once:");
        Show("this program", result.Own);
        Console.WriteLine($"        this program: all figures of tables from the scores {result.Metrics:F1} s");
        if (result.Peer is { } peer) Show($"NumPy {result.PeerVersion}", peer);
        else if (peers) Console.WriteLine($"        NumPy was not timed: {result.PeerMissing}");

        void Show(string who, IjbTimes times)
        {
            Console.WriteLine(
                $"        {who}: metadata {times.Metadata:F2} s, pooling {times.Pooling:F2} s, pair scores + ROC + TAR " +
                $"{times.Scoring:F2} s, peak {times.PeakBytes / 1e9:F2} GB");
            Console.WriteLine(
                $"        {who}: TAR at FAR 1e-6 .. 1e-1: " +
                $"{string.Join(" ", times.Tar.Select(tar => tar is { } value ? value.ToString("F6") : "n/a"))}");
        }
    }
}
