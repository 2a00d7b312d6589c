using Ablation.Experiments.Reports;
using Ablation.Experiments.Store;
using Ablation.Harness;
using Ablation.Harness.Faces;
using Ablation.Harness.Inspection;
using Ablation.Harness.Networks;
using Ablation.Harness.Protocols;
using Ablation.Losses;
using Ablation.Tests.Commands;
using Ablation.Tests.Formats;
using Ablation.Tests.Images;
using Ablation.Tests.Store;
using Ablation.Tests.Training;
using Ablation.Tests.Training.Checkpoints;

namespace Ablation.Tests.Reports;

/// <summary>The notes of a set or test are in the trial's log, its result and the report, in the same words as in data
/// check.</summary>
public sealed class DataNotesTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void Make()
    {
        folder = new TemporaryFolder();
        for (var i = 0; i < 40; i++)
        {
            var bytes = Pictures.Jpeg(Pictures.Smooth(i, 20, 20));
            Write($"faces/p{i % 4}/{i}.jpg", i == 5 ? bytes[..^2] : bytes);
        }

        Write("faces/p0/@eaDir/0.jpg", [1]);
        Write("faces/p1/notes.txt", [1]);
        byte[][] images = [.. Enumerable.Range(0, 40).Select(i => Pictures.Jpeg(Pictures.Smooth(i, 20, 20)))];
        Write("sorted.bin", PickleWriter.File(4, images, [.. Enumerable.Range(0, 20).Select(i => i < 10)], PickleWriter.Python3Bytes));
    }

    [TearDown]
    public void Remove() => folder.Dispose();

    private void Write(string path, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(path))!);
        File.WriteAllBytes(folder.File(path), bytes);
    }

    [Test]
    public void A_trial_prints_and_stores_the_notes_of_data_check()
    {
        var small = Tiny.Spec(new SoftmaxOptions()) with
        {
            Backbone = new SmallOptions { Width = 16, EmbeddingDimension = 32 },
            Resolution = 32
        };
        var spec = small with
        {
            Data = new FolderOptions { Path = folder.File("faces") },
            Tests = [new VerificationBinOptions { Path = folder.File("sorted.bin") }]
        };
        var watch = new Recorder();
        var result = Trial.Run(spec, "label", Tiny.Place, new TrialControl(Watch: watch), CancellationToken.None).Result;
        var training = DataPath.Guess(folder.File("faces")).Check().Notes;
        Assert.That(training, Has.Count.EqualTo(3));
        Assert.That(result.Notes!.Where(note => note.Test is null).Select(note => note.What), Is.EqualTo(training));
        Assert.That(result.Notes!.Where(note => note.Test == "sorted")
            .Select(note => note.What), Is.EqualTo(DataPath.Guess(folder.File("sorted.bin")).Check().Notes).And.Not.Empty);
        Assert.That(watch.Reported, Is.SupersetOf(result.Notes!.Select(note => note.ToString())));
        Assert.That(watch.Reported, Is.Unique);
        Assert.That(Tiny.Run(small).Result.Notes, Is.Null, "without notes nothing is stored");
    }

    [Test]
    public void The_report_shows_each_note_once_and_those_of_a_test_at_its_table()
    {
        using var stored = new StoredSuite();
        foreach (var (trial, output) in stored.Outputs())
        {
            var test = output.Scores[0].Test;
            DataNote[] notes = trial.Spec.Seed == 1
                ? [new(null, "2 files are skipped"), new(test, "folds of one kind")] : [new(test, "folds of one kind")];
            stored.Store.Save(output with { Result = output.Result with { Notes = notes } });
        }

        SuiteReport.Write(stored.Suite, stored.Store);
        var report = stored.Text("report.md");
        var trials = stored.Suite.Trials().Count;
        Assert.That(report, Does.Contain($"training data: 2 files are skipped ({trials / 3} of {trials} trials)"));
        Assert.That(report.Split("training data: 2 files").Length - 1, Is.EqualTo(1));
        var name = stored.Outputs().First().Output.Scores[0].Test;
        Assert.That(report.Split($"{name}: folds of one kind").Length - 1, Is.EqualTo(1));
        Assert.That(report.Split("folds of one kind").Length - 1, Is.EqualTo(1 + stored.Suite.Conditions().Count),
            "by each table of the test, and with the trials");
    }

    [Test]
    public void A_result_without_notes_has_no_key_for_them()
    {
        var store = new ResultStore(folder.File("store"));
        var output = ExampleOutput.Of(Tiny.Spec(new NptOptions()), "Npt", 1);
        store.Save(output);
        Assert.That(File.ReadAllText(Path.Combine(store.TrialFolder(output.Result.Id), "result.json")), Does.Not.Contain("\"notes\""));
        store.Save(output with { Result = output.Result with { Notes = [new("LFW", "a"), new(null, "b")] } });
        Assert.That(store.Load(output.Result.Id)!.Notes, Is.EqualTo(new DataNote[] { new("LFW", "a"), new(null, "b") }));
    }

    [Test]
    public void Evaluate_and_data_check_print_them()
    {
        var evaluated = Cli.Run(folder.Path, "evaluate", "pixels", "--on", "sorted.bin");
        Assert.That(evaluated.Output, Does.Contain("note: sorted: 10 of 10 folds hold pairs of one kind only: 1 (same)"), evaluated.Errors);
        var check = Cli.Run(folder.Path, "data", "check", "faces");
        Assert.That(check.Code, Is.Zero, check.Errors);
        Assert.That(check.Output,
            Does.Contain("  note: 1 files are skipped: .txt 1").And.Contain(
                "  note: 1 system or hidden files and folders are skipped: @eaDir 1").And.Contain(
                    "  note: 1 JPEG file lacks its end marker"));
    }
}
