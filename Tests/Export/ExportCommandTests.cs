using Ablation.Experiments.Evaluating;
using Ablation.Experiments.Store;
using Ablation.Harness;
using Ablation.Harness.Metrics;
using Ablation.Harness.Protocols;
using Ablation.Harness.Provenance;
using Ablation.Harness.Weights;
using Ablation.Losses;
using Ablation.Tests.Commands;
using Ablation.Tests.Training;
using Microsoft.ML.OnnxRuntime;

namespace Ablation.Tests.Export;

/// <summary><c>ablation export</c> as a user runs it on a finished trial.</summary>
[Category("Slow")]
public sealed class ExportCommandTests
{
    private static readonly TemporaryFolder Folder = new();
    private static string id = null!;
    private static string trial = null!;

    [OneTimeSetUp]
    public void Train_one()
    {
        var store = new ResultStore(Folder.File("results/tiny"));
        var spec = Tiny.Spec(new ArcFaceOptions { Scale = 8 });
        (id, trial) = (spec.Id(), store.TrialFolder(spec.Id()));
        var weights = Path.Combine(trial, TrialWeights.FileName);
        store.Save(Trial.Run(spec, "ArcFace", Tiny.Place, new TrialControl(Weights: weights), CancellationToken.None), weights);
    }

    [OneTimeTearDown]
    public void Remove() => Folder.Dispose();

    [Test]
    public void An_ONNX_file_says_where_it_comes_from_and_how_it_is_used()
    {
        var (code, output, errors) = Cli.Run(Folder.Path, "export", id, "--format", "onnx");
        Assert.That((code, errors), Is.EqualTo((0, "")), "no warning of a library reaches the user");
        Assert.That(output, Does.Contain("ONNX Runtime's embeddings differ").And.Contain(Folder.File($"{id}.onnx")));
        using var session = new InferenceSession(Folder.File($"{id}.onnx"));
        var facts = session.ModelMetadata.CustomMetadataMap;
        Assert.That(facts["trial"], Is.EqualTo(id));
        Assert.That((facts["colour"], facts["mean"], facts["scale"]), Is.EqualTo(("rgb", "127.5", "127.5")));
        Assert.That((facts["resolution"], facts["fusion"], facts["embedding"], facts["normalised"]),
            Is.EqualTo(("16", "sum", "16", "false")));
        Assert.That(facts["loss"], Does.Contain("ArcFace").And.Contain("\"scale\":8"));
        Assert.That(facts["network"], Does.Contain("Small").And.Contain("\"width\":4"));
        Assert.That(facts["commit"], Is.EqualTo(Machine.Program));
        using var network = Network();
        Assert.That(facts["weights"], Is.EqualTo(TrialWeights.Hash(network)));

        var (again, _, refusal) = Cli.Run(Folder.Path, "export", id, "--format", "onnx");
        Assert.That((again, refusal), Is.EqualTo((2, $"error: {Folder.File($"{id}.onnx")}: there is such a file; choose another " +
            "--output, or replace it with --force\n")));
        Assert.That(Cli.Run(Folder.Path, "export", id, "--format", "onnx", "--force").Code, Is.Zero);
    }

    [TestCase("safetensors")]
    [TestCase("pth")]
    public void Weights_are_read_back_as_they_were(string format)
    {
        var (code, output, errors) = Cli.Run(Folder.Path, "export", trial, "--format", format, "--output", $"below/a.{format}");
        Assert.That((code, errors), Is.EqualTo((0, "")));
        Assert.That(output, Does.Contain("equal to the bit"));
        using var file = TensorSet.Open(Folder.File($"below/a.{format}"));
        using var network = Network();
        foreach (var (name, values) in network.state_dict())
            Assert.That(Exported.Bytes(file.Read(name)).AsSpan().SequenceEqual(Exported.Bytes(values)), name);
        if (format == "safetensors") Assert.That(file.Metadata["trial"], Is.EqualTo(id));
        Assert.That(File.Exists(Folder.File($"below/a.{format}.json")), Is.EqualTo(format == "pth"), "the facts are beside it");
    }

    [TestCase("onnx")]
    [TestCase("safetensors")]
    [TestCase("pth")]
    public void An_exported_file_is_evaluated_with_the_figures_of_its_trial(string format)
    {
        var path = Folder.File($"again/b.{format}");
        Assert.That(Cli.Run(Folder.Path, "export", id, "--format", format, "--output", path).Code, Is.Zero);
        using var own = Open(trial);
        using var exported = Open(path); // nothing is given: the file says it
        var (ours, theirs) = (Score(own), Score(exported));
        Assert.That(theirs.SquaredDistance, Is.EqualTo(ours.SquaredDistance).Within(format == "onnx" ? 1e-5 : 0));
        Assert.That(theirs.Metrics().Single(one => one.Estimator.Contains("grid", StringComparison.Ordinal)).Value,
            Is.EqualTo(ours.Metrics().Single(one => one.Estimator.Contains("grid", StringComparison.Ordinal)).Value));

        static EvaluationSubject Open(string what) =>
            SubjectArgument.Open(new SubjectRequest(what, Folder.File("results"), Tiny.Place, null, InputSettings.None));
    }

    private static PairScores Score(EvaluationSubject subject)
    {
        using var test = new SyntheticPairsOptions { Pairs = 100, Resolution = 32 }.Open(Tiny.Place.Data);
        return (PairScores)test.Score(subject.Embed(test, CancellationToken.None), CancellationToken.None).Single();
    }

    [Test]
    public void Wrong_requests_say_what_is_known()
    {
        Assert.That(Cli.Run(Folder.Path, "export", "000000000000", "--format", "pth").Errors, Does.Contain("no finished trial of this id"));
        Assert.That(Cli.Run(Folder.Path, "export", id, "--format", "tflite").Errors, Does.Contain("onnx").And.Contain("safetensors"));
        Assert.That(Cli.Run(Folder.Path, "export", id, "--format", "pth", "--names", "arcface_torch").Errors,
            Does.Contain("Small").And.Contain("--names ablation"));
    }

    private static Ablation.Harness.Networks.Backbone Network() =>
        TrialWeights.Load(ResultStore.ReadResult(Path.Combine(trial, "result.json")), trial);
}
