using Ablation.Experiments.Store;
using Ablation.Harness;
using Ablation.Harness.Foundations;
using Ablation.Tests.Commands;
using Ablation.Tests.Scheduling;

namespace Ablation.Tests.Store;

/// <summary>Trials of another machine are taken whole and checked, or not at all.</summary>
public sealed class TrialImportTests
{
    private HandMadeSuite other = null!;
    private TemporaryFolder here = null!;

    [SetUp]
    public void Make()
    {
        (other, here) = (new HandMadeSuite(), new TemporaryFolder());
        other.Finish("Softmax", 1);
        other.Finish("ArcFace", 1);
    }

    [TearDown]
    public void Remove()
    {
        other.Dispose();
        here.Dispose();
    }

    private string From => Path.GetDirectoryName(other.Store.Folder)!;

    private ResultStore Mine => new(here.File("made"));

    private string Softmax => other.Id("Softmax", 1);

    private string FileOf(string label, string name) => Path.Combine(other.Store.TrialFolder(other.Id(label, 1)), name);

    [Test]
    public void Every_file_of_a_finished_trial_arrives_as_it_was()
    {
        other.Begin("ArcFace", 2, "a", DateTimeOffset.UtcNow);
        TrialTags.Set(other.Store.TrialFolder(Softmax), "paper", true);
        var taken = TrialImport.Take(From, null, here.Path).Single();
        Assert.That((taken.Suite, taken.Taken, taken.There, taken.Unfinished, taken.Refused.Count), Is.EqualTo(("made", 2, 0, 1, 0)));
        foreach (var file in Directory.GetFiles(other.Store.TrialFolder(Softmax)))
            Assert.That(File.ReadAllBytes(Path.Combine(Mine.TrialFolder(Softmax), Path.GetFileName(file))),
                Is.EqualTo(File.ReadAllBytes(file)), file);
        Assert.That(Directory.GetFiles(Mine.TrialFolder(Softmax)), Has.Length.EqualTo(
            Directory.GetFiles(other.Store.TrialFolder(Softmax)).Length), "nothing else is left");
        Assert.That((Mine.Damage(Softmax), Mine.Has(other.Id("ArcFace", 2))), Is.EqualTo(((string?)null, false)));
    }

    [Test]
    public void A_damaged_copy_is_repaired_and_the_choice_of_a_search_comes_along()
    {
        Directory.CreateDirectory(Path.Combine(other.Store.Folder, "tuning", "trials"));
        File.WriteAllText(Path.Combine(other.Store.Folder, "tuning", "choice.json"), "{ }");
        TrialImport.Take(From, null, here.Path);
        Assert.That(File.ReadAllText(here.File("made/tuning/choice.json")), Is.EqualTo("{ }"));
        File.AppendAllText(Path.Combine(Mine.TrialFolder(Softmax), "history.csv"), "9,9,9,9\n");
        Assert.That(Mine.Damage(Softmax), Is.Not.Null, "the premise");
        var again = TrialImport.Take(From, "made", here.Path).First();
        Assert.That((again.Taken, again.There, again.Refused.Count, Mine.Damage(Softmax)), Is.EqualTo((1, 1, 0, (string?)null)));
    }

    [Test]
    public void The_same_trials_again_are_there_already()
    {
        TrialImport.Take(From, null, here.Path);
        var again = TrialImport.Take(other.Store.Folder, null, here.Path).Single();
        Assert.That((again.Taken, again.There, again.Refused.Count), Is.EqualTo((0, 2, 0)));
    }

    [Test]
    public void Another_result_of_a_trial_is_refused_and_the_rest_is_taken()
    {
        TrialImport.Take(From, null, here.Path);
        other.Finish("Softmax", 1, seconds: 7);
        other.Finish("ArcFace", 3);
        var before = File.ReadAllBytes(Path.Combine(Mine.TrialFolder(Softmax), "result.json"));
        var again = TrialImport.Take(From, null, here.Path).Single();
        Assert.That((again.Taken, again.There), Is.EqualTo((1, 1)));
        Assert.That(again.Refused.Single(), Does.StartWith(Mine.TrialFolder(Softmax)).And.Contains("with another result"));
        Assert.That(File.ReadAllBytes(Path.Combine(Mine.TrialFolder(Softmax), "result.json")), Is.EqualTo(before));
    }

    [TestCase("history.csv")]
    [TestCase("result.json")]
    [TestCase("scores")]
    public void A_changed_file_is_refused_and_named(string name)
    {
        var path = Directory.GetFiles(other.Store.TrialFolder(Softmax), $"{name}*").Single();
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
        var taken = TrialImport.Take(From, null, here.Path).Single();
        Assert.That(taken.Taken, Is.EqualTo(1));
        Assert.That(taken.Refused.Single(), Does.Contain(path));
        Assert.That(Mine.Has(Softmax), Is.False);
    }

    [Test]
    public void A_result_under_another_id_and_one_that_names_files_elsewhere_are_refused()
    {
        Directory.Move(other.Store.TrialFolder(Softmax), other.Store.TrialFolder("0123456789ab"));
        File.WriteAllText(here.File("secret"), "x");
        var result = other.Store.Load(other.Id("ArcFace", 1))!;
        var escaping = result with { Files = new Dictionary<string, string>(result.Files!) { ["../../../secret"] = "0" } };
        ResultFile.Write(FileOf("ArcFace", "result.json"), escaping);
        var taken = TrialImport.Take(From, null, here.Path).Single();
        Assert.That(taken.Taken, Is.Zero);
        Assert.That(taken.Refused, Has.One.Contains("not of 0123456789ab").And.One.Contains("lists ../../../secret"));
    }

    [Test]
    public void A_result_without_checksums_is_refused()
    {
        var path = FileOf("Softmax", "result.json");
        File.WriteAllText(path, SpecJson.Write(other.Store.Load(Softmax)! with { Files = null }));
        Assert.That(TrialImport.Take(From, null, here.Path).Single().Refused.Single(), Does.Contain("without checksums"));
    }

    [Test]
    public void Changed_weights_are_refused_and_missing_ones_are_not_needed()
    {
        var weights = here.File("weights");
        foreach (var label in (string[])["Softmax", "ArcFace"])
        {
            File.WriteAllText(weights, "numbers");
            other.Store.Save(ExampleOutput.Of(other.Plan(label, 1).Spec, label, 1), weights);
        }

        File.WriteAllText(FileOf("Softmax", TrialWeights.FileName), "Numbers");
        File.Delete(FileOf("ArcFace", TrialWeights.FileName));
        var taken = TrialImport.Take(From, null, here.Path).Single();
        Assert.That(taken.Taken, Is.EqualTo(1));
        Assert.That(taken.Refused.Single(), Does.StartWith(FileOf("Softmax", TrialWeights.FileName)));
    }

    [Test]
    public void A_copy_that_cannot_be_completed_is_no_finished_trial_and_the_next_import_completes_it()
    {
        var scores = Path.GetFileName(Directory.GetFiles(other.Store.TrialFolder(Softmax), "scores-*").Single());
        var blocked = Path.Combine(Mine.TrialFolder(Softmax), scores);
        Directory.CreateDirectory(blocked); // stands for a full disk
        var taken = TrialImport.Take(From, null, here.Path).Single();
        Assert.That((taken.Taken, taken.Refused.Count, Mine.Has(Softmax)), Is.EqualTo((1, 1, false)));
        Directory.Delete(blocked);
        Assert.That(TrialImport.Take(From, null, here.Path).Single().Taken, Is.EqualTo(1));
        Assert.That(Mine.Damage(Softmax), Is.Null);
    }

    [Test]
    public void A_trial_that_runs_here_is_left_to_its_process()
    {
        using var lease = TrialLease.TryTake(Mine.Files(Softmax), new LeaseHolder());
        var taken = TrialImport.Take(From, null, here.Path).Single();
        Assert.That(taken.Refused.Single(), Does.Contain("a process is running this trial here"));
        Assert.That(Mine.Has(Softmax), Is.False);
    }

    [Test]
    public void One_suite_can_be_chosen_or_named()
    {
        Assert.That(TrialImport.Take(other.Store.Folder, "theirs", here.Path).Single().Suite, Is.EqualTo("theirs"));
        Assert.That(new ResultStore(here.File("theirs")).Has(Softmax));
        Assert.That(() => TrialImport.Take(From, "mode", here.Path), Throws.ArgumentException.With.Message.Contains("did you mean made?"));
        Assert.That(() => TrialImport.Take(From, "../made", here.Path), Throws.ArgumentException.With.Message.Contains("not the name"));
        Assert.That(() => TrialImport.Take(From, null, From), Throws.ArgumentException.With.Message.Contains("own folder"));
        Assert.That(() => TrialImport.Take(here.File("none"), null, here.Path), Throws.ArgumentException.With.Message.Contains("no such"));
    }

    [Test, Category("Slow")]
    [Platform(Exclude = "Win", Reason = "POSIX signals")]
    public void A_killed_import_leaves_nothing_that_counts_as_finished()
    {
        var weights = here.File("weights");
        using (var file = File.Create(weights)) file.SetLength(600L << 20); // long enough to be killed in
        other.Store.Save(ExampleOutput.Of(other.Plan("Softmax", 1).Spec, "Softmax", 1), weights);
        var results = here.File("results");
        var place = new ResultStore(Path.Combine(results, "made"));
        using (var import = Cli.Start(here.Path, "import", From, "--results", results))
        {
            SpinWait.SpinUntil(() => Directory.Exists(place.TrialFolder(Softmax))
                && Directory.GetFiles(place.TrialFolder(Softmax), "*.tmp").Length > 0, TimeSpan.FromMinutes(1));
            import.Signal(Cli.Kill);
            import.End();
        }

        Assert.That(place.Has(Softmax), Is.False);
        var (code, output, errors) = Cli.Run(here.Path, "import", From, "--results", results);
        Assert.That((code, errors), Is.EqualTo((0, "")));
        Assert.That(output, Does.Match("^made: [12] taken, [01] already there, 0 refused, 0 unfinished"));
        Assert.That(place.Damage(Softmax), Is.Null);
        Assert.That(Directory.GetFiles(place.TrialFolder(Softmax), "*.tmp"), Is.Empty);
    }
}
