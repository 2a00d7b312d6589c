using System.Security.Cryptography;
using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Suites;
using Ablation.Harness;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Networks;
using Ablation.Harness.Training;
using Ablation.Harness.Training.Checkpoints;
using Ablation.Losses;
using Ablation.Tests.Training.Checkpoints;
using Ablation.Tests.Weights;
using static TorchSharp.torch;

namespace Ablation.Tests.Training;

/// <summary>A training that starts from given weights, and parts of a network that are not trained.</summary>
public sealed class TrialStartTests
{
    private static readonly string[] Frozen = ["body.conv", "body.bn", "body.unit1"];
    private static readonly SmallOptions Small = new() { Width = 4, EmbeddingDimension = 16 };
    private TemporaryFolder folder = null!;
    private InitOptions init = null!;
    private Dictionary<string, byte[]> state = null!;

    [SetUp]
    public void Write_weights()
    {
        folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        manual_seed(99);
        using var network = Small.Build(16);
        using (no_grad())
        {
            foreach (var (name, buffer) in network.named_buffers())
                if (buffer.is_floating_point()) buffer.uniform_(0.5, 1.5);
        }

        state = Bytes(network);
        var file = TorchWriter.StateDict(network.state_dict());
        File.WriteAllBytes(folder.File("net.pth"), file);
        init = new InitOptions { From = folder.File("net.pth"), Sha256 = Convert.ToHexStringLower(SHA256.HashData(file)) };
    }

    [TearDown]
    public void Remove() => folder.Dispose();

    private static Dictionary<string, byte[]> Bytes(Backbone network) =>
        network.state_dict().Where(one => !one.Key.EndsWith("tracked", StringComparison.Ordinal))
            .ToDictionary(one => one.Key, one => one.Value.contiguous().bytes.ToArray());

    private static TrialSpec Spec(LossOptions loss, BackboneOptions backbone, int seed = 1, int epochs = 2) =>
        Tiny.Spec(loss, seed, Tiny.Training with { Epochs = epochs }) with { Backbone = backbone };

    [Test]
    public void Every_loss_and_seed_starts_from_the_file()
    {
        var backbone = Small with { Init = init };
        var starts = new List<string>();
        var (softmax, arc) = (new SoftmaxOptions(), new ArcFaceOptions());
        foreach (var (loss, seed) in ((LossOptions, int)[])[(softmax, 1), (arc, 1), (softmax, 2)])
            starts.Add(Tiny.Run(Spec(loss, backbone, seed, epochs: 0)).Result.Pairing.Weights);
        Assert.That(starts.Distinct().Count(), Is.EqualTo(1));
        using var network = Small.Build(16);
        TrialStart.Apply(network, backbone, new DataRoot("."));
        Assert.That(Bytes(network), Is.EqualTo(state));
    }

    [Test]
    public void The_id_depends_on_the_content_and_not_on_the_path()
    {
        string Id(InitOptions? start) => Spec(new SoftmaxOptions(), Small with { Init = start }).Id();
        Assert.That(Id(init with { From = "elsewhere/net.pth" }), Is.EqualTo(Id(init)));
        Assert.That(new[] { Id(null), Id(init), Id(init with { Sha256 = new string('0', 64) }),
            Id(init with { Colour = ColourOrder.Bgr }) }, Is.Unique);
        Assert.That(Spec(new SoftmaxOptions(), Small with { Frozen = Frozen }).Id(), Is.Not.EqualTo(Id(null)));
        var written = SpecJson.Write(Spec(new SoftmaxOptions(), Small with { Init = init }));
        Assert.That(SpecJson.Read<TrialSpec>(written).Id(), Is.EqualTo(Id(init)), "the path is in the trial's file, and not in its id");
        Assert.That(SpecJson.Write<BackboneOptions>(Small), Does.Not.Contain("init").And.Not.Contain("frozen"), "earlier ids stay");
    }

    [Test]
    public void Bgr_weights_compute_of_rgb_what_they_computed_of_bgr()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using Backbone plain = Small.Build(16), turned = Small.Build(16);
        TrialStart.Apply(plain, Small with { Init = init }, new DataRoot("."));
        TrialStart.Apply(turned, Small with { Init = init with { Colour = ColourOrder.Bgr } }, new DataRoot("."));
        plain.eval();
        turned.eval();
        var images = randn(3, 3, 16, 16) * 100;
        var (expected, actual) = (plain.forward(images.flip(1)), turned.forward(images));
        var otherwise = (plain.forward(images) - actual).abs().max().item<float>();
        Assert.That((expected - actual).abs().max().item<float>(), Is.LessThan(otherwise / 100));
    }

    [Test]
    public void Frozen_parts_keep_every_bit_of_weights_and_statistics_and_others_move()
    {
        var trained = Train(Small with { Init = init, Frozen = Frozen }, checkpoints: null);
        foreach (var (name, bytes) in state)
        {
            var isFrozen = Frozen.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
            Assert.That(trained[name], isFrozen ? Is.EqualTo(bytes) : Is.Not.EqualTo(bytes), name);
        }
    }

    [Test]
    public void A_training_with_frozen_parts_that_is_stopped_after_every_step_ends_with_the_same_bytes()
    {
        var backbone = Small with { Init = init, Frozen = Frozen };
        var whole = Train(backbone, checkpoints: null);
        Assert.That(Train(backbone, folder.File("checkpoints")), Is.EqualTo(whole));
    }

    [Test]
    public void Wrong_starts_are_found_before_the_first_trial()
    {
        Assert.That(Problem(Small with { Init = init with { Sha256 = new string('0', 64) } }),
            Does.Contain($"its SHA-256 is {init.Sha256}").And.Contain("write the former"));
        Assert.That(Problem(Small with { Init = init with { From = "nowhere.pth" } }), Does.Contain("nowhere.pth").And.Contain("--data"));
        Assert.That(Problem(Small with { Width = 8, Init = init }), Does.Contain("of another shape").And.Contain("body.conv.weight"));
        Assert.That(Problem(Small with { Frozen = ["body.unit9"] }), Does.Contain("\"body.unit9\"").And.Contain("body.unit1"));
        Assert.That(Problem(Small with { Frozen = ["body", "head"] }), Does.Contain("nothing of the network to train"));
        Assert.That(Problem(Small with { Init = init, Frozen = Frozen }), Is.Null);

        static string? Problem(BackboneOptions backbone)
        {
            var spec = Spec(new SoftmaxOptions(), backbone);
            using var opened = new OpenedData(new DataRoot("."));
            var condition = new Condition(backbone, spec.Resolution, spec.Training, spec.Data);
            return SuiteCheck.Problems([new PlannedTrial(spec, "Softmax", condition)], opened).SingleOrDefault();
        }
    }

    [Test]
    public void A_trial_starts_from_another_trial()
    {
        var first = Spec(new SoftmaxOptions(), Small);
        var weights = folder.File(Path.Combine("trial", TrialWeights.FileName));
        var output = Trial.Run(first, "Softmax", Tiny.Place, new TrialControl(Weights: weights), CancellationToken.None);
        var start = new InitOptions
        {
            From = folder.File("trial"),
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(weights))),
        };
        using var network = Small.Build(16);
        TrialStart.Apply(network, Small with { Init = start }, new DataRoot("."));
        using var trained = TrialWeights.Load(output.Result, folder.File("trial"));
        Assert.That(TrialWeights.Hash(network), Is.EqualTo(TrialWeights.Hash(trained)));

        using var shorter = new Shortened(trained); // all names and shapes of a shorter network are in the file of a longer one
        Assert.That(() => TrialStart.Apply(shorter, Small with { Init = start }, new DataRoot(".")),
            Throws.TypeOf<DataProblem>().With.Message.Contains("is of another network").And.Message.Contains("that this one lacks"));
    }

    /// <summary>A part of a network.</summary>
    private sealed class Shortened : Backbone
    {
        public Shortened(Backbone whole) : base("Shortened") =>
            register_module("body", whole.named_children().First(child => child.name == "body").module);

        public override IEnumerable<TorchSharp.Modules.Parameter> EmbeddingLayer() => [];

        public override Tensor forward(Tensor images) => images.alias();
    }

    /// <summary>Trains, whole or stopped after every step, and returns the weights.</summary>
    private Dictionary<string, byte[]> Train(BackboneOptions backbone, string? checkpoints)
    {
        var spec = Spec(new ArcFaceOptions { Scale = 8 }, backbone);
        var weights = folder.File(Path.Combine($"{checkpoints is null}", TrialWeights.FileName));
        for (var attempt = 0; attempt < 20; attempt++)
        {
            using var stop = new CancellationTokenSource();
            var kept = checkpoints is null ? null : new CheckpointFolder(checkpoints, Attempts.Never);
            var watch = new Recorder { OnStep = _ => { if (checkpoints is not null) stop.Cancel(); } };
            try
            {
                var output = Trial.Run(spec, "ArcFace", Tiny.Place, new TrialControl(kept, watch, Weights: weights, Stop: stop.Token),
                    CancellationToken.None);
                Assert.That(attempt, checkpoints is null ? Is.Zero : Is.GreaterThan(3));
                using var network = TrialWeights.Load(output.Result, Path.GetDirectoryName(weights)!);
                return Bytes(network);
            }
            catch (TrialInterruptedException)
            {
                // and again
            }
        }

        throw new InvalidOperationException("it makes no progress");
    }
}
