using System.Text.Json;
using Ablation.Benchmarks;
using Ablation.Experiments.Reports.Micro;
using Ablation.Harness.Batches;
using Ablation.Harness.Faces.Synthetic;
using Ablation.Harness.Kernels;
using Ablation.Harness.Networks;

namespace Ablation.Tests.Commands;

/// <summary><c>ablation bench train</c> from the command line, with too few steps for meaningful times.</summary>
[Category("Slow")]
public sealed class BenchTrainTests
{
    private static readonly string[] Tiny = ["bench", "train", "--network", "small", "--pixels", "16", "--batch", "4", "--threads", "1",
        "--rounds", "2", "--seconds", "0"];

    [Test]
    public void A_run_writes_every_file_and_keeps_other_rows()
    {
        using var folder = new TemporaryFolder();
        var pack = SyntheticPack.Write(folder.Path, new SyntheticOptions { Identities = 4, ImagesPerIdentity = 3, Resolution = 32 });
        var (code, output, errors) = Cli.Run(folder.Path, [.. Tiny, "--data-pack", pack]);
        Assert.That(code, Is.Zero, output + errors);
        var file = folder.File(Path.Combine("results", "micro", "training.csv"));
        var row = TrainCsv.Read(file).Single();
        Assert.That(row.Case, Is.EqualTo(new TrainCase("small", 16, 4, 1, Precision.Float32, true, "ArcFace", "cpu")));
        Assert.That(row.Timing.Cost, Is.EqualTo(BackboneCost.Measure(new SmallOptions(), 16)));
        Assert.That(new[] { row.Timing.Whole, row.Timing.Bare, row.Timing.ProductRate, row.Timing.ShareOfProductPeak }, Has.All.Positive);
        var stages = row.Timing.Stages;
        Assert.That(new[] { stages.Read, stages.Decode, stages.Augment, stages.Forward, stages.Loss, stages.Backward, stages.Step,
            stages.Evaluation }, Has.All.Positive);
        Assert.That((row.Timing.Rounds, row.Timing.Peer), Is.EqualTo((2, (TrainPeerTiming?)null)));
        if (OperatingSystem.IsLinux()) Assert.That(row.Timing.PeakBytes, Is.GreaterThan(50L << 20), "a process that has loaded libtorch");
        foreach (var name in new[] { "training.md", "training.png", "training.svg" })
            Assert.That(folder.File(Path.Combine("results", "micro", name)), Does.Exist);

        (code, output, errors) = Cli.Run(folder.Path,
            [.. Tiny, "--data-pack", pack, "--precision", "bfloat16", "--layout", "contiguous", "--loss", "Npt"]);
        Assert.That(code, Is.Zero, output + errors);
        Assert.That(TrainCsv.Read(file).Select(other => (other.Case.PrecisionName, other.Case.Layout, other.Case.Loss)),
            Is.EqualTo(new[] { ("float32", "channels-last", "ArcFace"), ("bfloat16", "contiguous", "Npt") }));
    }

    [Test]
    public void Peers_train_the_same_network_or_are_reported_missing()
    {
        using var folder = new TemporaryFolder();
        var (code, output, errors) = Cli.Run(folder.Path, [.. Tiny, "--peers"]); // on synthetic faces
        Assert.That(code, Is.Zero, output + errors);
        var row = TrainCsv.Read(folder.File(Path.Combine("results", "micro", "training.csv"))).Single();
        Assert.That(row.Timing.Source, Is.EqualTo("painted"));
        if (output.Contains("PyTorch was not timed", StringComparison.Ordinal))
        {
            Assert.That(row.Timing.Peer, Is.Null);
            Assert.Ignore("no Python with torch, numpy and PIL here: apt install python3-torch python3-pil");
        }

        Assert.That(row.Timing.Peer, Is.Not.Null);
        Assert.That(new double?[] { row.Timing.Peer!.Whole, row.Timing.Peer.Bare, row.Timing.Peer.Evaluation }, Has.All.Positive);
        if (OperatingSystem.IsLinux()) Assert.That(row.Timing.Peer.PeakBytes, Is.GreaterThan(50L << 20));
    }

    [Test]
    public void A_missing_Python_is_reported_and_our_measurements_continue()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("the stand-in is a shell script");
            return;
        }

        using var folder = new TemporaryFolder();
        var python = folder.File("python");
        File.WriteAllText(python, "#!/bin/sh\necho '{\"error\": \"python has no torch: none here\"}'\n");
        File.SetUnixFileMode(python, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var before = Environment.GetEnvironmentVariable("ABLATION_PYTHON");
        Environment.SetEnvironmentVariable("ABLATION_PYTHON", python);
        try
        {
            var (code, output, errors) = Cli.Run(folder.Path, [.. Tiny, "--peers"]);
            Assert.That(code, Is.Zero, output + errors);
            Assert.That(output, Does.Contain("PyTorch was not timed: ").And.Contain("python has no torch: none here"));
        }
        finally
        {
            Environment.SetEnvironmentVariable("ABLATION_PYTHON", before);
        }

        Assert.That(TrainCsv.Read(folder.File(Path.Combine("results", "micro", "training.csv"))).Single().Timing.Peer, Is.Null);
    }

    [Test]
    public void Networks_of_the_peers_have_as_many_parameters_as_ours()
    {
        using var folder = new TemporaryFolder();
        var pack = SyntheticPack.Write(folder.Path, new SyntheticOptions { Identities = 2, ImagesPerIdentity = 2, Resolution = 16 });
        using var process = PeerProcess.Start("training.py", 1, tuned: false, out var reason);
        if (process is null) Assert.Ignore($"{reason}: apt install python3-torch python3-pil");
        Assert.Multiple(() =>
        {
            foreach (var one in (TrainGrid.Standard(full: false) with { Pixels = [32, 56, 112] }).Cases())
            {
                var answer = process!.Ask(TrainPeer.Request(one, pack, 2, new AugmentOptions()));
                Assert.That(answer.GetProperty("parameters")
                    .GetInt64(), Is.EqualTo(BackboneCost.Measure(one.Backbone, one.Pixels).Parameters), one.ToString());
            }
        });
    }

    [Test]
    public void A_peer_with_another_network_is_refused()
    {
        using var folder = new TemporaryFolder();
        var pack = SyntheticPack.Write(folder.Path, new SyntheticOptions { Identities = 2, ImagesPerIdentity = 2, Resolution = 16 });
        var one = new TrainCase("small", 32, 4, 1, Precision.Float32, true, "ArcFace", "cpu");
        using var peer = TrainPeer.Start(one, pack, 2, parameters: 1, new AugmentOptions(), out var reason);
        if (!reason.Contains("parameters", StringComparison.Ordinal)) Assert.Ignore($"{reason}: apt install python3-torch python3-pil");
        Assert.That(peer, Is.Null);
        Assert.That(reason, Does.Contain("ours 1: not the same network"));
    }

    [TestCase("--network", "large", "unknown value \"large\"; known: small, MobileFaceNet, IResNet-18, IResNet-50")]
    [TestCase("--pixels", "8", "--pixels 8: small does not accept this size")]
    [TestCase("--batch", "1", "--batch 1: must be at least 2")]
    [TestCase("--threads", "0", "--threads 0: must be at least 1")]
    [TestCase("--layout", "planes", "unknown value \"planes\"; known: channels-last, contiguous")]
    [TestCase("--loss", "CosFase", "unknown value \"CosFase\"; known: AdaCos, AdaFace, ArcFace")]
    [TestCase("--rounds", "0", "--rounds 0: must be at least 1")]
    [TestCase("--seconds", "-1", "--seconds: must be 0 to 600")]
    [TestCase("--device", "gpu", "--device gpu: not known")]
    [TestCase("--data-pack", "nowhere.rec", "nowhere")]
    public void Invalid_options_are_refused(string option, string value, string reason)
    {
        using var folder = new TemporaryFolder();
        var (code, _, errors) = Cli.Run(folder.Path, "bench", "train", option, value);
        Assert.That(code, Is.EqualTo(2), errors);
        Assert.That(errors, Does.Contain(reason));
    }

    [Test]
    public void A_case_reads_back_in_another_process()
    {
        var one = new TrainCase("IResNet-50", 112, 32, 2, Precision.BFloat16, false, "Npt (k 6)", "cpu");
        Assert.That(JsonSerializer.Deserialize<TrainCase>(JsonSerializer.Serialize(one)), Is.EqualTo(one));
    }

    [Test]
    public void The_grid_is_the_product_of_its_axes()
    {
        Assert.That(TrainGrid.Standard(full: false).Cases().Count(), Is.EqualTo(4 * 3));
        var full = TrainGrid.Standard(full: true).Cases().ToList();
        Assert.That(full, Has.Count.EqualTo(4 * 3 * 2 * 2));
        Assert.That(full.Distinct().Count(), Is.EqualTo(full.Count));
        Assert.That(full.Select(one => one.Threads).Distinct(), Is.EqualTo(new[] { Environment.ProcessorCount }));
    }
}
