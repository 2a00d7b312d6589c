using Ablation.Experiments.Reports.Micro;

namespace Ablation.Tests.Commands;

/// <summary><c>ablation bench losses</c> from the command line, on shapes too small for meaningful times.</summary>
[Category("Slow")]
[Parallelizable] // each test starts a process
public sealed class BenchTests
{
    private static readonly string[] Tiny = ["bench", "losses", "--classes", "64", "--batch", "4", "--dimension", "8", "--threads", "1"];

    [Test]
    public void A_run_writes_every_file_keeps_other_rows_and_compares()
    {
        using var folder = new TemporaryFolder();
        var (code, output, errors) = Cli.Run(folder.Path, [.. Tiny, "--loss", "CosFace", "DroppedIn", "Npt"]);
        Assert.That(code, Is.EqualTo(2), output);
        Assert.That(errors, Does.Contain("unknown value \"DroppedIn\"; known: AdaCos, AdaFace, ArcFace"));

        (code, output, errors) = Cli.Run(folder.Path, [.. Tiny, "--loss", "CosFace", "Npt"]);
        Assert.That(code, Is.Zero, output + errors);
        var file = folder.File(Path.Combine("results", "micro", "losses.csv"));
        var rows = MicroCsv.Read(file);
        Assert.That(rows.Select(row => $"{row.Key.Loss} {row.Key.Implementation}"),
            Is.EqualTo(new[] { "CosFace stored", "CosFace straight", "CosFace tiled", "Npt straight", "Npt tiled" }));
        Assert.That(rows.Select(row => row.ForwardBackwardMs), Has.All.Positive);
        Assert.That(rows.Select(row => row.FloorMs), Has.All.Positive);
        Assert.That(rows.Select(row => row.ForwardMs), Has.All.Positive);
        Assert.That(rows.Select(row => row.StepMs), Has.All.Positive);
        Assert.That(BenchConsistency.OfOrder(rows), Is.Empty, "forward, backward and step are read from one clock");
        Assert.That(rows.Select(row => row.Ratio.Count), Has.All.EqualTo(7));
        if (OperatingSystem.IsLinux()) Assert.That(rows.Select(row => row.PeakBytes), Has.None.Null);
        foreach (var name in new[] { "losses.md", "ratio-to-floor.png", "ratio-to-floor.svg", "memory.png" })
            Assert.That(folder.File(Path.Combine("results", "micro", name)), Does.Exist);
        Assert.That(output, Does.Contain("[5/5]").And.Contain("x floor"));

        (code, output, _) = Cli.Run(folder.Path, [.. Tiny, "--loss", "CosFace", "--implementation", "tiled", "--compare", file]);
        Assert.That(code, Is.AnyOf(0, 1), "on so small a shape both are possible");
        Assert.That(output, Does.Contain("compared with the earlier file").And.Contain("0 not in the earlier file"));
        Assert.That(MicroCsv.Read(file), Has.Count.EqualTo(5), "the other rows are kept");
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "signals are POSIX")]
    public void A_stop_does_not_change_the_earlier_file()
    {
        using var folder = new TemporaryFolder();
        var micro = Directory.CreateDirectory(folder.File(Path.Combine("results", "micro"))).FullName;
        var row = new MicroRow(new MicroKey("CosFace", "tiled", 4, 64, 8, 1, "highest"), 1, 1, 1, 1, 1, new(1, 1, 1, 7), null, null, null,
            "0123456789ab");
        File.WriteAllText(Path.Combine(micro, "losses.csv"), MicroCsv.Write([row]));
        using var cli = Cli.Start(folder.Path, [.. Tiny, "--loss", "CosFace", "Npt", "Softmax"]);
        cli.WaitFor("[2/");
        cli.Signal(Cli.Terminate); // a script in the background is deaf to Ctrl-C
        Assert.That(cli.End(), Is.EqualTo(130), cli.Errors);
        Assert.That(MicroCsv.Read(Path.Combine(micro, "losses.csv")), Is.EqualTo(new[] { row }));
        Assert.That(Directory.GetFiles(micro), Has.Length.EqualTo(1));
    }

    [Test]
    public void Peers_are_timed_or_reported_missing()
    {
        using var folder = new TemporaryFolder();
        var (code, output, errors) = Cli.Run(folder.Path,
            [.. Tiny, "--loss", "ArcFace", "Npt (k 6)", "--implementation", "tiled", "--peers"]);
        Assert.That(code, Is.Zero, output + errors);
        var rows = MicroCsv.Read(folder.File(Path.Combine("results", "micro", "losses.csv")));
        if (output.Contains("PyTorch was not timed", StringComparison.Ordinal))
        {
            Assert.That(rows.Select(row => row.PeerMs), Has.All.Null);
            Assert.Ignore("no Python with torch here: apt install python3-torch libopenblas0-pthread");
        }

        Assert.That(rows.Select(row => row.PeerMs), Has.All.Positive);
        Assert.That(rows.Select(row => row.PeerDefaultMs), Has.All.Positive);
    }

    [TestCase("--classes", "1", "--classes 1: must be at least 2")]
    [TestCase("--batch", "0", "--batch 0: must be at least 1")]
    [TestCase("--implementation", "auto", "unknown value \"Auto\"")]
    public void Shapes_out_of_range_are_refused(string option, string value, string reason)
    {
        using var folder = new TemporaryFolder();
        var (code, _, errors) = Cli.Run(folder.Path, "bench", "losses", option, value);
        Assert.That(code, Is.EqualTo(2));
        Assert.That(errors, Does.Contain(reason));
    }
}
