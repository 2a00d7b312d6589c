using Ablation.Experiments.Evaluating;
using Ablation.Experiments.Store;
using Ablation.Harness;
using Ablation.Harness.Embedding;
using Ablation.Harness.Faces.Synthetic;
using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;
using Ablation.Harness.Networks;
using Ablation.Harness.Protocols;
using Ablation.Losses;
using Ablation.Tests.Commands;
using Ablation.Tests.Training;
using Ablation.Tests.Weights;
using static TorchSharp.torch;

namespace Ablation.Tests.Evaluating;

/// <summary>Networks of others are evaluated from their files; what they expect of a picture is given, stored, or asked for.</summary>
public sealed class ForeignSubjectTests
{
    private const string Network = "{ \"type\": \"Small\", \"width\": 4, \"embeddingDimension\": 8 }";
    private static readonly SmallOptions Small = new() { Width = 4, EmbeddingDimension = 8 };
    private static readonly SyntheticPairsOptions Pairs = new() { Pairs = 60, Resolution = 32, Seed = 3, Difficulty = 0.25 };
    private TemporaryFolder folder = null!;

    [SetUp]
    public void Make()
    {
        folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        using var network = Drawn();
        File.WriteAllBytes(folder.File("net.pth"), TorchWriter.StateDict(network.state_dict()));
        File.WriteAllText(folder.File("test.json"), SpecJson.Write<ProtocolOptions>(Pairs));
    }

    [TearDown]
    public void Remove() => folder.Dispose();

    /// <summary>Norms that shift, so that the scale of the input matters.</summary>
    private static Backbone Drawn()
    {
        manual_seed(4);
        var network = Small.Build(32);
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        foreach (var (name, buffer) in network.named_buffers())
            if (name.EndsWith("running_mean", StringComparison.Ordinal)) buffer.normal_(0, 0.3);
        return network;
    }

    private EvaluationSubject Open(InputSettings given, EmbeddingCache? cache = null) =>
        SubjectArgument.Open(new SubjectRequest(folder.File("net.pth"), folder.Path, Tiny.Place, cache, given));

    private static float[] Distances(EvaluationSubject subject)
    {
        using var test = Pairs.Open(Tiny.Place.Data);
        return ((PairScores)test.Score(subject.Embed(test, default), default).Single()).SquaredDistance;
    }

    [Test]
    public void Every_setting_changes_the_scores_and_none_comes_from_the_cache_of_another()
    {
        var cache = EmbeddingCache.InMemory(1 << 24);
        var given = new InputSettings { Network = Network, Colour = ColourOrder.Rgb, Mean = 127.5, Scale = 127.5, Size = 32 };
        InputSettings[] settings =
        [
            given, given with { Colour = ColourOrder.Bgr }, given with { Mean = 0 }, given with { Scale = 255 },
            given with { Flip = FlipFusion.ImageOnly },
        ];
        List<float[]> cached = [.. settings.Select(one => { using var subject = Open(one, cache); return Distances(subject); })];
        List<float[]> direct = [.. settings.Select(one => { using var subject = Open(one); return Distances(subject); })];
        Assert.That(cached, Is.EqualTo(direct));
        for (var i = 1; i < direct.Count; i++) Assert.That(direct[i], Is.Not.EqualTo(direct[0]), $"setting {i}");
    }

    [Test]
    public void In_our_own_form_it_embeds_as_our_own_network()
    {
        using var subject = Open(new InputSettings { Network = Network, Colour = ColourOrder.Rgb, Mean = 127.5, Scale = 127.5, Size = 32 });
        using var network = Drawn();
        ChannelsLast.Apply(network);
        using var embedder = new NetworkEmbedder(network, 32, CPU, null);
        using var test = Pairs.Open(Tiny.Place.Data);
        var own = Embedder.Embed(embedder, test, new() { DropLast = false }, null, default);
        Assert.That(Distances(subject), Is.EqualTo(((PairScores)test.Score(own, default).Single()).SquaredDistance)
            .Within(1e-6), "batches of another size round differently");
    }

    [Test]
    public void What_is_not_told_is_asked_for_by_a_table_and_nothing_is_evaluated()
    {
        using var subject = Open(new InputSettings { Network = Network, Size = 32 });
        using var test = Pairs.Open(Tiny.Place.Data);
        var lines = subject.Ask(test, default);
        Assert.That(lines[0], Does.Contain("colour, mean, scale").And.Contain("nothing was evaluated"));
        string[] orders = ["  RGB", "  BGR"];
        Assert.That(lines.Count(line => orders.Any(order => line.StartsWith(order, StringComparison.Ordinal))), Is.EqualTo(6));
        Assert.That(lines[^1], Does.Contain("--colour").And.Contain("--mean").And.Contain("--scale"));
        Assert.That(Assert.Throws<DataProblem>(() => subject.Embed(test, default))!.Message, Does.Contain("not given"));
    }

    [Test]
    public void Only_forms_that_agree_with_what_is_told_are_probed()
    {
        using var subject = Open(new InputSettings { Network = Network, Size = 32, Colour = ColourOrder.Bgr });
        using var test = Pairs.Open(Tiny.Place.Data);
        Assert.That(subject.Ask(test, default).Count(line => line.StartsWith("  BGR", StringComparison.Ordinal)), Is.EqualTo(3));
        Assert.That(subject.Ask(test, default), Has.None.StartsWith("  RGB"));
        Assert.That(new InputSettings { Mean = 100 }.Candidates().Select(form => form.Mean), Is.All.EqualTo(100));
    }

    [Test]
    public void A_file_beside_the_weights_tells_it_and_options_come_first()
    {
        File.WriteAllText(folder.File("net.pth.json"), $"{{ \"network\": {System.Text.Json.JsonSerializer.Serialize(Network)}, " +
            "\"colour\": \"bgr\", \"mean\": 0, \"scale\": 255, \"size\": 32, \"flip\": \"imageOnly\" }");
        using (var subject = Open(InputSettings.None)) Assert.That(subject.Input, Is.EqualTo("BGR, (v - 0) / 255, image alone, 32 px"));
        using (var subject = Open(new InputSettings { Colour = ColourOrder.Rgb }))
            Assert.That(subject.Input, Does.StartWith("RGB, (v - 0)"));
        File.WriteAllText(folder.File("net.pth.json"), "{ \"color\": \"bgr\" }");
        Assert.That(Assert.Throws<DataProblem>(() => Open(InputSettings.None))!.Message, Does.Contain("color").And.Contain("net.pth.json"));
    }

    [Test]
    public void Notes_in_the_weights_tell_it() => Assert.That(InputSettings.Noted(new Dictionary<string, string>
    {
        ["colour"] = "rgb",
        ["mean"] = "127.5",
        ["scale"] = "127.5",
        ["resolution"] = "112",
        ["fusion"] = "sum: added, then normalised",
    }, "x"), Is.EqualTo(new InputSettings { Colour = ColourOrder.Rgb, Mean = 127.5, Scale = 127.5, Size = 112, Flip = FlipFusion.Sum }));

    [TestCase("colour", "green")]
    [TestCase("mean", "NaN")]
    [TestCase("fusion", "3")]
    public void A_note_that_means_nothing_is_refused(string key, string value)
    {
        var notes = new Dictionary<string, string> { [key] = value };
        Assert.That(Assert.Throws<DataProblem>(() => InputSettings.Noted(notes, "x"))!.Message, Does.Contain(key));
    }

    [TestCase("R50", "did you mean IR50?")]
    [TestCase("ViT-Large", "IResNet50", "IR101", "mbf")]
    public void An_unknown_network_is_refused_with_a_near_one_or_the_known_ones(string network, params string[] said) =>
        Assert.That(said, Is.All.Matches<string>(name => Refused(network).Contains(name!, StringComparison.Ordinal)));

    private string Refused(string network) =>
        Assert.Throws<ArgumentException>(() => Open(new InputSettings { Network = network }))!.Message;

    [Test]
    public void Options_of_foreign_networks_are_refused_for_others() => Assert.Throws<ArgumentException>(() =>
        SubjectArgument.Open(new SubjectRequest("pixels", "", Tiny.Place, null, new InputSettings { Mean = 0 })));

    /// <summary>A network of ours, written with its first convolution for the other order of colours.</summary>
    [Test, Category("Slow")]
    public void The_probe_finds_the_form_that_a_network_was_trained_with([Values] ColourOrder colour)
    {
        var training = Tiny.Training with { Epochs = 12 };
        var spec = Tiny.Spec(new ArcFaceOptions { Scale = 16 }, 1, training) with
        {
            Backbone = new SmallOptions { Width = 8, EmbeddingDimension = 32 },
            Resolution = 32,
            Data = new SyntheticOptions { Identities = 60, ImagesPerIdentity = 12, Resolution = 32 },
        };
        var weights = folder.File(Path.Combine("trial", TrialWeights.FileName));
        var output = Trial.Run(spec, "ArcFace", Tiny.Place, new TrialControl(Weights: weights), default);
        using (var scope = NewDisposeScope())
        {
            using var network = TrialWeights.Load(output.Result, folder.File("trial"));
            var state = network.state_dict();
            if (colour == ColourOrder.Bgr) state["body.conv.weight"] = state["body.conv.weight"].flip(1);
            File.WriteAllBytes(folder.File("net.pth"), TorchWriter.StateDict(state));
        }

        using var subject = Open(new InputSettings { Network = SpecJson.Write(spec.Backbone), Size = 32 });
        using var test = (Pairs with { Pairs = 200 }).Open(Tiny.Place.Data);
        var lines = subject.Ask(test, default);
        TestContext.Out.WriteLine(string.Join('\n', lines));
        Assert.That(lines[^1], Does.Contain($"--colour {colour.ToString().ToLowerInvariant()} --mean 127.5 --scale 127.5"));
    }

    [Test, Category("Slow")]
    public void The_command_asks_evaluates_and_stores_the_input()
    {
        string[] common =
            ["evaluate", "net.pth", "--network", Network, "--size", "32", "--on", "test.json", "--threads", "1", "--device", "cpu"];
        var asked = Cli.Run(folder.Path, common);
        Assert.That((asked.Code, asked.Output), Is.EqualTo((2, asked.Output)), asked.Errors);
        Assert.That(asked.Output, Does.Contain("AUC").And.Contain("To evaluate it so: --colour"));
        Assert.That(Directory.Exists(folder.File("net.pth.evaluations")), Is.False);
        var done = Cli.Run(folder.Path, [.. common, "--colour", "bgr", "--mean", "127.5", "--scale", "127.5"]);
        Assert.That(done.Code, Is.Zero, done.Errors);
        const string Input = "BGR, (v - 127.5) / 127.5, image + mirrored image, 32 px";
        Assert.That(done.Output, Does.Contain($"({Input})").And.Contain("10-fold, grid"));
        var stored = new EvaluationStore(Directory.GetDirectories(folder.File("net.pth.evaluations")).Single());
        Assert.That(stored.Load(out _).Single().Evaluation.Input, Is.EqualTo(Input));
    }
}
