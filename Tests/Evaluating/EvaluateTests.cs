using Ablation.Experiments.Evaluating;
using Ablation.Experiments.Reports;
using Ablation.Experiments.Store;
using Ablation.Harness;
using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;
using Ablation.Harness.Protocols;
using Ablation.Losses;
using Ablation.Tests.Commands;
using Ablation.Tests.Metrics;
using Ablation.Tests.Reports;
using Ablation.Tests.Training;

namespace Ablation.Tests.Evaluating;

/// <summary>A trained trial is evaluated again from its stored files: its weights, its embeddings, and by the commands.</summary>
[Category("Slow")]
public sealed class EvaluateTests
{
    private static readonly TemporaryFolder Folder = new();
    private static readonly SyntheticPairsOptions Other = new() { Pairs = 60, Resolution = 32, Seed = 3, Difficulty = 0.25 };
    private static TrialOutput output = null!;
    private static string trial = null!;

    [OneTimeSetUp]
    public void Train_one()
    {
        var store = new ResultStore(Folder.File("results/tiny"));
        var spec = Tiny.Spec(new ArcFaceOptions { Scale = 8 });
        trial = store.TrialFolder(spec.Id());
        output = Trial.Run(spec, "ArcFace", Tiny.Place, new TrialControl(Weights: Path.Combine(trial, TrialWeights.FileName)),
            CancellationToken.None);
        store.Save(output, Path.Combine(trial, TrialWeights.FileName));
    }

    [OneTimeTearDown]
    public void Remove() => Folder.Dispose();

    [Test]
    public void The_stored_network_gives_the_scores_of_the_trial()
    {
        using var subject = new TrialSubject(trial, Tiny.Place, cache: null);
        using var test = subject.OwnTests.Single().Open(Tiny.Place.Data);
        Assert.That(((PairScores)test.Score(subject.Embed(test, default), default).Single()).SquaredDistance,
            Is.EqualTo(output.Pairs().SquaredDistance));
    }

    [Test]
    public void An_untrained_network_is_drawn_again_from_its_seed()
    {
        var spec = Tiny.Spec(new SoftmaxOptions(), 5, Tiny.Training with { Epochs = 0 });
        var untrained = Trial.Run(spec, "untrained", Tiny.Place, null, CancellationToken.None);
        var store = new ResultStore(Folder.File("results/untrained"));
        store.Save(untrained);
        using var subject = new TrialSubject(store.TrialFolder(spec.Id()), Tiny.Place, cache: null);
        using var test = subject.OwnTests.Single().Open(Tiny.Place.Data);
        Assert.That(((PairScores)test.Score(subject.Embed(test, default), default).Single()).SquaredDistance,
            Is.EqualTo(untrained.Pairs().SquaredDistance));
    }

    [Test]
    public void Weights_that_are_missing_damaged_or_of_another_trial_are_refused()
    {
        using var copy = new TemporaryFolder();
        File.Copy(Path.Combine(trial, "result.json"), copy.File("result.json"));
        Refused("were not kept", "run the suite again");
        var bytes = File.ReadAllBytes(Path.Combine(trial, TrialWeights.FileName));
        File.WriteAllBytes(copy.File(TrialWeights.FileName), bytes[..^40]);
        Refused("cut off or damaged");
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(copy.File(TrialWeights.FileName), bytes);
        Refused("checksum");
        var other = Tiny.Spec(new ArcFaceOptions { Scale = 8 }, seed: 2);
        Trial.Run(other, "ArcFace", Tiny.Place, new TrialControl(Weights: copy.File(TrialWeights.FileName)), CancellationToken.None);
        Refused($"belongs to trial {other.Id()}");

        void Refused(params string[] words)
        {
            var problem = Assert.Throws<DataProblem>(() => new TrialSubject(copy.Path, Tiny.Place, null).Dispose())!;
            Assert.That(problem.Where, Is.EqualTo(copy.File(TrialWeights.FileName)));
            foreach (var word in words) Assert.That(problem.Message, Does.Contain(word));
        }
    }

    [Test]
    public void Evaluate_and_embed_give_the_same_figures()
    {
        using var place = new TemporaryFolder();
        File.WriteAllText(place.File("test.jsonc"), $"// one test\n{SpecJson.Write<ProtocolOptions>(Other)}");
        var id = output.Result.Id;
        string[] common = ["--results", Folder.File("results"), "--threads", "1", "--device", "cpu"];
        var evaluated = Cli.Run(place.Path, ["evaluate", id, "--on", "test.jsonc", "--csv", "trial.csv", .. common]);
        Assert.That(evaluated.Code, Is.Zero, evaluated.Errors);
        var scores = Path.Combine(trial, "evaluations", "synthetic-pairs-difficulty-0-25.npz");
        Assert.That(evaluated.Output, Does.Contain(scores).And.Contain("10-fold, grid"));

        var embedded = Cli.Run(place.Path,
            ["embed", SpecJson.Write<ProtocolOptions>(Other), "--trial", id, "--output", "faces.npy", .. common]);
        Assert.That(embedded.Code, Is.Zero, embedded.Errors);
        Assert.That(File.ReadAllLines(place.File("faces.names.txt"))[0], Does.StartWith("synthetic-3-"));
        var byFile = Cli.Run(place.Path, "evaluate", "faces.npy", "--on", "test.jsonc", "--csv", "file.csv");
        Assert.That(byFile.Code, Is.Zero, byFile.Errors);
        Assert.That(File.ReadAllText(place.File("file.csv")), Is.EqualTo(File.ReadAllText(place.File("trial.csv"))));

        var again = Cli.Run(place.Path, "metrics", scores, "--csv", "again.csv");
        Assert.That(again.Code, Is.Zero, again.Errors);
        Assert.That(File.ReadAllText(place.File("again.csv")), Is.EqualTo(File.ReadAllText(place.File("trial.csv"))),
            "from the scores only");
    }

    [Test]
    public void A_trial_lists_identities_shared_with_its_training_and_every_table_warns()
    {
        var spec = Tiny.Spec(new SoftmaxOptions(), training: Tiny.Training with { Epochs = 0 });
        var onItself = spec with { Tests = [.. spec.Tests, new IdentificationOptions { Faces = spec.Data, Name = "own faces" }] };
        var overlaps = Trial.Run(onItself, "Softmax", Tiny.Place, null, CancellationToken.None).Result.Overlaps!;
        Assert.That(overlaps.Select(overlap => (overlap.Test, overlap.Identities, overlap.Images)),
            Is.EqualTo(new[] { (Name(spec), 0, 0), ("own faces", (int?)8, (int?)64) }));

        using var stored = new StoredSuite();
        foreach (var (_, one) in stored.Outputs())
            stored.Store.Save(one with { Result = one.Result with { Overlaps = [overlaps[1] with { Test = one.Scores[0].Test }] } });
        SuiteReport.Write(stored.Suite, stored.Store);
        const string Warning =
            "WARNING: 8 identities and 64 images of this test are also in the training set (synthetic-0-0, synthetic-0-1,";
        Assert.That(stored.Text("report.md").Split(Warning), Has.Length.EqualTo(1 + stored.Suite.Conditions().Count));
        Assert.That(stored.Text("report.html").Split(Warning), Has.Length.EqualTo(1 + (2 * stored.Suite.Conditions().Count)),
            "at the table with its intervals and at the table of all measures");
        Assert.That(stored.Text("table.tex").Split("WARNING: 8 identities"), Has.Length.EqualTo(1 + stored.Suite.Conditions().Count));

        static string Name(TrialSpec spec)
        {
            using var test = spec.Tests[0].Open(Tiny.Place.Data);
            return test.Name;
        }
    }

    [Test]
    public void A_report_shows_later_evaluations()
    {
        using var stored = new StoredSuite().Save();
        var chosen = stored.Suite.Trials().First(one => one.Condition.Resolution == 16 && one.Label == "ArcFace");
        var later = NaiveVerification.Random(8) with { Test = "later" };
        var overlap = new DataOverlap("later", 3, null, ["Ann", "Bob", "Cid"]);
        new EvaluationStore(stored.Store.TrialFolder(chosen.Spec.Id()))
            .Save(new StoredEvaluation("later", Other, "0", "0", DateTimeOffset.UnixEpoch, "0", later.Metrics(), overlap), later);
        SuiteReport.Write(stored.Suite, stored.Store);
        var captions = stored.Text("report.md").Split('\n').Where(line => line.StartsWith("**later", StringComparison.Ordinal)).ToList();
        Assert.That(captions, Has.Count.EqualTo(1), "only for trials that have it");
        Assert.That(captions[0],
            Does.Contain("WARNING: 3 identities of this test are also in the training set (Ann, Bob, Cid).").And.Contain(
                "taken after the training"));
        Assert.That(stored.Text("table.tex"), Does.Contain("WARNING: 3 identities"));
        Assert.That(stored.SummaryRows()
            .Count(row => row["test"] == "later" && row["loss"] == "ArcFace" && row["n"] == "1"),
            Is.EqualTo(later.Metrics().Count(metric => metric.Value is not null)));

        var tampered = new EvaluationStore(stored.Store.TrialFolder(chosen.Spec.Id()));
        tampered.Save(new StoredEvaluation("later", Other, "0", "0", DateTimeOffset.UnixEpoch, "0",
            [later.Metrics()[0] with { Value = 0.99 }], null), later);
        SuiteReport.Write(stored.Suite, stored.Store);
        Assert.That(stored.Text("report.md"), Does.Contain("DAMAGED: the stored files of 1 trials").And.Contain("one of them was changed"));
        Assert.That(stored.SummaryRows().Where(row => row["test"] == "later" && row["n"] != "0"), Is.Empty, "its numbers are missing");
    }
}
