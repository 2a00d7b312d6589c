using Ablation.Experiments.Evaluating;
using Ablation.Experiments.Store;
using Ablation.Harness;
using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;
using Ablation.Harness.Networks;
using Ablation.Harness.Training;
using Ablation.Harness.Training.Checkpoints;
using Ablation.Losses;
using Ablation.Losses.Options;
using Ablation.Tests.Commands;
using Ablation.Tests.Metrics;
using Ablation.Tests.Training.Checkpoints;

namespace Ablation.Tests.Training;

/// <summary>Options that are stored only where they differ from their defaults: they change the id of a trial, and only then.</summary>
public sealed class LaterOptionTests
{
    private static readonly TrialSpec Spec = Tiny.Spec(new NptOptions());

    private static IEnumerable<TestCaseData> Changed()
    {
        yield return Case("dropLast", Spec with { Training = Spec.Training with { DropLast = false } });
        yield return Case("proxyStart", Spec with { Training = Spec.Training with { ProxyStart = new XavierOptions() } });
        yield return Case("proxyStart",
            Spec with { Training = Spec.Training with { ProxyStart = new NormalOptions { Deviation = 0.02 } } });
        yield return Case("proxyMemoryEpochs", Spec with { Training = Spec.Training with { ProxyMemoryEpochs = 0.5 } });
        yield return Case("batchNorm", Spec with { Training = Spec.Training with { Decay = new DecayOptions { BatchNorm = true } } });
        yield return Case("prelu", Spec with { Training = Spec.Training with { Decay = new DecayOptions { Prelu = true } } });
        yield return Case("inputDivisor", Spec with { Backbone = Spec.Backbone with { InputDivisor = 128 } });
        yield return Case("unit", Spec with { Backbone = new ResNet50Options { Unit = ResNet50Unit.PreActivation } });

        static TestCaseData Case(string key, TrialSpec spec) => new(key, spec);
    }

    [TestCaseSource(nameof(Changed))]
    public void A_changed_option_is_stored_and_part_of_the_id(string key, TrialSpec spec)
    {
        var plain = spec with
        {
            Training = Spec.Training,
            Backbone = spec.Backbone is ResNet50Options ? new ResNet50Options() : Spec.Backbone,
        };
        Assert.That(SpecJson.Write(plain), Does.Not.Contain($"\"{key}\""));
        Assert.That(SpecJson.Write(spec), Does.Contain($"\"{key}\""));
        Assert.That(spec.Id(), Is.Not.EqualTo(plain.Id()));
        Assert.That(spec.EarlierId(), Is.EqualTo(spec.Id()), "it names no path");
        Assert.That(SpecJson.Write(SpecJson.Read<TrialSpec>(SpecJson.Write(spec))), Is.EqualTo(SpecJson.Write(spec)));
    }

    [Test]
    public void Defaults_that_are_given_are_not_stored()
    {
        var given = SpecJson.ReadGiven<TrainingOptions>("""
            { "dropLast": true, "proxyStart": { "type": "Normal", "deviation": 0.01 }, "decay": { "batchNorm": null, "prelu": null } }
            """);
        Assert.That(SpecJson.Write(given), Is.EqualTo(SpecJson.Write(new TrainingOptions())));
        var network = SpecJson.ReadGiven<BackboneOptions>("""
            { "type": "ResNet50", "inputDivisor": 127.5, "unit": "postActivation" }
            """);
        Assert.That(SpecJson.Write(network), Is.EqualTo(SpecJson.Write<BackboneOptions>(new ResNet50Options())));
    }

    [Test]
    public void Every_option_with_the_mark_is_omitted_at_its_default()
    {
        var records = SpecJson.Kinds.SelectMany(kind => Catalog.RecordsOf(kind).Values)
            .Concat([typeof(TrainingOptions), typeof(DecayOptions)])
            .Where(type => type.GetProperties().Any(one => one.IsDefined(typeof(OmittedAtDefaultAttribute), inherit: true))).ToList();
        Assert.That(records, Has.Count.GreaterThanOrEqualTo(6));
        foreach (var type in records)
        {
            var json = System.Text.Json.JsonSerializer.Serialize(Activator.CreateInstance(type), type, SpecJson.Options);
            foreach (var one in type.GetProperties().Where(one => one.IsDefined(typeof(OmittedAtDefaultAttribute), inherit: true)))
                Assert.That(json, Does.Not.Contain($"\"{OptionRanges.SuiteName(one)}\""), type.Name);
        }
    }

    [Test, Category("Slow")]
    public void A_trial_with_all_of_them_resumes_to_the_same_bytes_and_exports_what_it_scored(
        [Values("onnx", "safetensors", "pth")] string format)
    {
        var spec = Spec with
        {
            Backbone = Spec.Backbone with { InputDivisor = 128 },
            Training = Spec.Training with
            {
                Batch = 24,
                DropLast = false,
                ProxyStart = new XavierOptions(),
                Decay = new DecayOptions { Norms = true, Prelu = false },
            },
        };
        using var folder = new TemporaryFolder();
        var store = new ResultStore(folder.File("results/tiny"));
        var trial = store.TrialFolder(spec.Id());
        var weights = Path.Combine(trial, TrialWeights.FileName);
        var whole = Trial.Run(spec, "Npt", Tiny.Place, new TrialControl(Weights: weights), default);
        store.Save(whole, weights);

        var checkpoints = folder.File("checkpoints");
        Directory.CreateDirectory(checkpoints);
        var killed = new TrialControl(new CheckpointFolder(checkpoints, Attempts.Never, everySteps: 2),
            new Recorder { OnStep = step => { if (step == 5) throw new TimeoutException(); } });
        Assert.That(() => Trial.Run(spec, "Npt", Tiny.Place, killed, default), Throws.TypeOf<TimeoutException>());
        var begun = -1L;
        var resumed = Trial.Run(spec, "Npt", Tiny.Place, new TrialControl(new CheckpointFolder(checkpoints, Attempts.Never),
            new Recorder { OnStart = step => begun = step }), default);
        Assert.That((begun, resumed.Result.Steps, resumed.Result.Weights), Is.EqualTo((4L, 6L, whole.Result.Weights)));
        Assert.That(resumed.Bits(), Is.EqualTo(whole.Bits()));

        var path = folder.File($"a.{format}");
        Assert.That(Cli.Run(folder.Path, "export", spec.Id(), "--format", format, "--output", path).Code, Is.Zero);
        foreach (var what in new[] { trial, path }) // the trial itself, and a file that says what it needs
        {
            using var subject = SubjectArgument.Open(
                new SubjectRequest(what, folder.File("results"), Tiny.Place, null, InputSettings.None));
            using var test = spec.Tests[0].Open(Tiny.Place.Data);
            var scores = (PairScores)test.Score(subject.Embed(test, default), default).Single();
            Assert.That(scores.SquaredDistance, Is.EqualTo(((PairScores)whole.Scores[0]).SquaredDistance).Within(1e-5), what);
        }
    }
}
