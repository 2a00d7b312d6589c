using Ablation.Experiments.Keeping;
using Ablation.Experiments.Store;
using Ablation.Tests.Commands;

namespace Ablation.Tests.Keeping;

/// <summary>A trial is deleted whole, not while it runs, and nothing outside of the results with it.</summary>
public sealed class TrialRemovalTests
{
    private KeptSuites kept = null!;

    [SetUp]
    public void Make() => kept = new KeptSuites();

    [TearDown]
    public void Remove() => kept.Dispose();

    [Test]
    public void A_trial_is_gone_with_all_its_files()
    {
        var trial = kept.Of("Softmax", 1);
        Directory.CreateDirectory(Path.Combine(trial.Folder, "evaluations"));
        File.WriteAllText(Path.Combine(trial.Folder, "evaluations", "x.json"), "12345");
        Assert.That(TrialRemoval.Bytes(trial), Is.GreaterThan(5));
        Assert.That((TrialRemoval.Problem(trial, kept.Results), TrialRemoval.Delete(trial)), Is.EqualTo(((string?)null, (string?)null)));
        Assert.That(Directory.Exists(trial.Folder), Is.False);
        Assert.That(kept.Read(), Has.Count.EqualTo(3));
    }

    [Test]
    public void A_trial_that_a_process_has_stays()
    {
        var trial = kept.Of("Softmax", 1);
        using var lease = TrialLease.TryTake(new TrialFiles(trial.Folder), new LeaseHolder());
        Assert.That(TrialRemoval.Problem(trial, kept.Results), Does.Contain("a process is running this trial"));
        Assert.That(TrialRemoval.Delete(trial), Does.Contain("a process has taken this trial"));
        Assert.That(kept.Made.Store.Damage(trial.Id), Is.Null);
        Assert.That(File.Exists(Path.Combine(trial.Folder, "result.json")));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "links need a privilege there")]
    public void No_link_is_followed()
    {
        using var outside = new TemporaryFolder();
        File.WriteAllText(outside.File("precious"), "x");
        var inner = kept.Of("Softmax", 1);
        Directory.CreateSymbolicLink(Path.Combine(inner.Folder, "link"), outside.Path);
        File.CreateSymbolicLink(Path.Combine(inner.Folder, "file"), outside.File("precious"));
        Assert.That(TrialRemoval.Delete(inner), Is.Null);
        Assert.That((Directory.Exists(inner.Folder), File.Exists(outside.File("precious"))), Is.EqualTo((false, true)));

        var linked = kept.Of("ArcFace", 1);
        Directory.Move(linked.Folder, outside.File("moved"));
        Directory.CreateSymbolicLink(linked.Folder, outside.File("moved"));
        Assert.That(TrialRemoval.Problem(linked, kept.Results), Does.StartWith($"{linked.Folder}: a link to "));
        Assert.That(TrialRemoval.Problem(linked, outside.Path), Does.Contain("not below"));
    }

    [Test, Category("Slow")]
    public void The_commands_show_first_and_say_what_follows()
    {
        var id = kept.Made.Id("ArcFace", 1);
        var (code, output, errors) = Cli.Run(kept.Results, "delete", id[..6], "--results", kept.Results);
        Assert.That((code, errors), Is.EqualTo((3, "")));
        Assert.That(output, Does.Contain(id).And.Contain("would delete 1 trial, ").And.Contain("--yes deletes"));
        Assert.That(kept.Made.Store.Has(id));

        Assert.That(Cli.Run(kept.Results, "delete", "--results", kept.Results).Code, Is.EqualTo(2), "none is named");
        (code, output, _) = Cli.Run(kept.Results, "tag", "--where", "loss=ArcFace", "bad", "--results", kept.Results);
        Assert.That((code, output), Is.EqualTo((0, "bad: given to 2 of 2 trials")));
        (code, output, _) = Cli.Run(kept.Results, "tag", id, "bad", "--remove", "--results", kept.Results);
        Assert.That((code, output), Is.EqualTo((0, "bad: taken from 1 of 1 trial")));
        Assert.That(Cli.Run(kept.Results, "tag", id, "a,b", "--results", kept.Results).Errors, Does.Contain("a,b: no tag"));
        Assert.That(Cli.Run(kept.Results, "trials", "made", "--where", "tag=bad", "--results", kept.Results).Output.Split('\n'),
            Has.Length.EqualTo(2));

        (code, output, _) = Cli.Run(kept.Results, "delete", "--where", "tag=bad", "--yes", "--results", kept.Results);
        Assert.That(code, Is.Zero);
        Assert.That(output, Does.Contain("deleted 1 trial, ").And.Contain("trains what is missing again"));
        Assert.That(kept.Read(), Has.Count.EqualTo(3));
        (code, output, errors) = Cli.Run(kept.Results, "delete", "ffffffff", "--results", kept.Results);
        Assert.That((code, errors), Is.EqualTo((2,
            $"error: ffffffff: no trial of this id; ablation trials lists them, --results names their folder\n")));
    }
}
