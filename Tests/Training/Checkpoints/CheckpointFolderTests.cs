using Ablation.Harness.Training;
using Ablation.Harness.Training.Checkpoints;
using Ablation.Losses;

namespace Ablation.Tests.Training.Checkpoints;

/// <summary>The reaction and messages of a training on damaged checkpoints, full disks and lost leases.</summary>
public sealed class CheckpointFolderTests
{
    private static readonly Attempts Training = new(new CosFaceOptions { Scale = 4 }, Attempts.Training);
    private static readonly Lazy<Left> Undisturbed = new(() => Training.Run());

    [Test]
    public void The_two_newest_are_kept_and_the_last_is_of_the_last_step()
    {
        using var folder = new TemporaryFolder();
        Training.Run(new CheckpointFolder(folder.Path, TimeSpan.Zero));
        Assert.That(Names(folder), Is.EqualTo(new[] { "checkpoint-7.bin", "checkpoint-8.bin" }));
    }

    [Test]
    public void The_newest_checkpoint_has_the_most_steps_and_not_the_last_name()
    {
        using var folder = new TemporaryFolder();
        var longer = new Attempts(new CosFaceOptions { Scale = 4 }, Attempts.Training with { Epochs = 3 });
        longer.KilledAt(12, new CheckpointFolder(folder.Path, TimeSpan.Zero));
        Assert.That(Names(folder), Is.EquivalentTo(new[] { "checkpoint-10.bin", "checkpoint-11.bin" }));
        File.Move(folder.File("checkpoint-10.bin"), folder.File("checkpoint-9.bin"));
        var begun = -1L;
        longer.Run(new CheckpointFolder(folder.Path, Attempts.Never), new Recorder { OnStart = step => begun = step });
        Assert.That(begun, Is.EqualTo(11));
    }

    [TestCase(0)]   // the name of the format
    [TestCase(9)]   // its version
    [TestCase(40)]  // the header
    [TestCase(-40)] // a tensor
    [TestCase(-1)]  // the checksum
    public void A_newest_checkpoint_with_a_changed_byte_is_replaced_by_the_previous(int at)
    {
        using var folder = Interrupted();
        var bytes = File.ReadAllBytes(folder.File("checkpoint-6.bin"));
        bytes[at < 0 ? bytes.Length + at : at] ^= 1;
        File.WriteAllBytes(folder.File("checkpoint-6.bin"), bytes);
        GoesOn(folder, 3, "checkpoint-6.bin: ", "; checkpoint-3.bin is used instead");
    }

    [TestCase(0.0)]
    [TestCase(0.0001)]
    [TestCase(0.5)]
    [TestCase(0.9999)]
    public void A_truncated_newest_checkpoint_is_replaced_by_the_previous(double share)
    {
        using var folder = Interrupted();
        using (var file = File.OpenWrite(folder.File("checkpoint-6.bin"))) file.SetLength((long)(file.Length * share));
        GoesOn(folder, 3, "checkpoint-6.bin: ", "; checkpoint-3.bin is used instead");
    }

    [Test]
    public void Without_a_valid_checkpoint_the_training_restarts_with_a_message_for_each()
    {
        using var folder = Interrupted();
        foreach (var name in Names(folder)) File.WriteAllText(folder.File(name), "not one");
        GoesOn(folder, 0, "checkpoint-6.bin: cut off; the training starts from the beginning",
            "checkpoint-3.bin: cut off; the training starts from the beginning");
        Assert.That(Names(folder), Is.EqualTo(new[] { "checkpoint-8.bin" }), "damaged checkpoints are deleted");
    }

    [Test]
    public void A_repeated_step_writes_its_checkpoint_over_the_damaged_one()
    {
        using var folder = Interrupted();
        foreach (var name in Names(folder)) File.WriteAllText(folder.File(name), "not one");
        Training.KilledAt(7, new CheckpointFolder(folder.Path, Attempts.Never, everySteps: 3));
        Assert.That(Names(folder), Is.EquivalentTo(new[] { "checkpoint-3.bin", "checkpoint-6.bin" }));
        GoesOn(folder, 6);
    }

    [Test]
    public void Another_format_version_is_refused_by_its_number()
    {
        using var folder = Interrupted();
        foreach (var name in Names(folder))
        {
            using var file = File.OpenWrite(folder.File(name));
            file.Position = 8;
            file.WriteByte(9);
        }

        GoesOn(folder, 0, "format version 9, this program reads 1; the training starts from the beginning");
    }

    [Test]
    public void A_checkpoint_of_another_specification_is_refused()
    {
        using var folder = Interrupted();
        var watch = new Recorder();
        var owner = new CheckpointOwner("other", 1, 1, "cpu");
        Assert.That(TrialCheckpoints.Find(new CheckpointFolder(folder.Path, Attempts.Never), owner, watch, out _), Is.Null);
        Assert.That(watch.Reported[0], Does.Contain("another specification (spec, this is other)").And.Contain("from the beginning"));
        Assert.That(TrialCheckpoints.Find(new CheckpointFolder(folder.Path, Attempts.Never), owner with { Spec = "spec", Split = 2 },
            watch, out _), Is.Null);
        Assert.That(TrialCheckpoints.Find(new CheckpointFolder(folder.Path, Attempts.Never), owner with { Spec = "spec", Device = "cuda" },
            watch, out _), Is.Null);
    }

    [Test]
    public void A_checkpoint_of_other_tensors_is_refused_before_any_change()
    {
        using var folder = Interrupted();
        var other = new Attempts(new CosFaceOptions { Scale = 4 }, Attempts.Training with { Momentum = 0 });
        other.KilledAt(7, new CheckpointFolder(folder.File("other"), Attempts.Never, everySteps: 6));
        File.Copy(Path.Combine(folder.File("other"), "checkpoint-6.bin"), folder.File("checkpoint-6.bin"), overwrite: true);
        var adam = new Attempts(new CosFaceOptions { Scale = 4 }, Attempts.Training with { Optimizer = OptimizerKind.AdamW });
        var watch = new Recorder();
        Assert.That(adam.Run(new CheckpointFolder(folder.Path, Attempts.Never), watch).Weights, Is.EqualTo(adam.Run().Weights));
        Assert.That(watch.Reported.Single(), Does.Contain("adam.0.mean is not in it; the training starts from the beginning"));
    }

    [Test]
    public void A_half_written_checkpoint_of_a_killed_process_is_removed()
    {
        using var folder = Interrupted();
        File.WriteAllText(folder.File("checkpoint-7.bin.0123.tmp"), "half of a checkpoint");
        var begun = -1L;
        Training.Run(new CheckpointFolder(folder.Path, Attempts.Never),
            new Recorder { OnStart = step => begun = step, OnStep = _ => Assert.That(Names(folder), Has.None.EndsWith(".tmp")) });
        Assert.That(begun, Is.EqualTo(6));
    }

    [Test]
    public void A_checkpoint_that_cannot_be_written_is_reported_and_the_training_continues()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("file"), "where the folder should be");
        var watch = new Recorder();
        var left = Training.Run(new CheckpointFolder(folder.File("file"), Attempts.Never, everySteps: 4), watch);
        Assert.That(left.Weights, Is.EqualTo(Undisturbed.Value.Weights));
        Assert.That(watch.SavedSteps, Is.Empty);
        Assert.That(watch.Reported, Has.Count.EqualTo(2).And.All.Contains("could not be written").And.All.Contains("training continues"));
    }

    [Test]
    public void A_checkpoint_that_cannot_be_renamed_leaves_no_file()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("checkpoint-4.bin")); // a rename onto it fails, as on a full disk
        var watch = new Recorder();
        Assert.That(Training.Run(new CheckpointFolder(folder.Path, Attempts.Never, everySteps: 4), watch).Weights,
            Is.EqualTo(Undisturbed.Value.Weights));
        Assert.That(watch.Reported.Single(), Does.Contain("checkpoint-4.bin: the checkpoint could not be written"));
        Assert.That(watch.SavedSteps, Is.EqualTo(new[] { 8 }));
        Assert.That(Names(folder), Is.EqualTo(new[] { "checkpoint-8.bin" }));
    }

    [Test]
    public void A_lost_lease_ends_the_training_and_changes_no_file()
    {
        using var folder = Interrupted();
        var before = Names(folder).ToDictionary(name => name, name => File.ReadAllBytes(folder.File(name)));
        var lost = new InvalidOperationException("the lease was taken");
        var renames = 0;
        var thrown = Assert.Throws<InvalidOperationException>(() =>
            Training.Run(new CheckpointFolder(folder.Path, TimeSpan.Zero, commit: action =>
        {
            if (renames++ > 0) throw lost; // the first call is the clean-up
            action();
        })));
        Assert.That(thrown, Is.SameAs(lost));
        Assert.That(Names(folder), Is.EqualTo(before.Keys));
        foreach (var (name, bytes) in before) Assert.That(File.ReadAllBytes(folder.File(name)), Is.EqualTo(bytes), name);
    }

    [Test]
    public void A_lease_check_that_fails_counts_as_a_disk_error_and_the_training_continues()
    {
        using var folder = new TemporaryFolder();
        var watch = new Recorder();
        var run = Training.Run(new CheckpointFolder(folder.Path, Attempts.Never, everySteps: 4,
            commit: _ => throw new IOException("the file server does not answer")), watch);
        Assert.That(run.Weights, Is.EqualTo(Undisturbed.Value.Weights));
        Assert.That(watch.Reported,
            Has.Some.Contains("checkpoint-4.bin: the checkpoint could not be written (the file server does not answer)"));
        Assert.That(Names(folder), Is.Empty);
    }

    [TestCase(false, new string[0])]
    [TestCase(true, new[] { "checkpoint-6.bin" })]
    public void After_the_result_checkpoints_are_removed_or_the_newest_is_kept(bool keep, string[] left)
    {
        using var folder = Interrupted();
        File.WriteAllText(folder.File("checkpoint-7.bin.0123.tmp"), "half");
        File.WriteAllText(folder.File("history.csv"), "is none of theirs");
        new CheckpointFolder(folder.Path, Attempts.Never, keep: keep).Clear();
        Assert.That(Names(folder), Is.EqualTo(left));
        Assert.That(folder.File("history.csv"), Does.Exist);
        Assert.That(() => new CheckpointFolder(folder.File("nowhere"), Attempts.Never).Clear(), Throws.Nothing);
    }

    /// <summary>Kills a training in its seventh step, with checkpoints of the third and the sixth.</summary>
    private static TemporaryFolder Interrupted()
    {
        var folder = new TemporaryFolder();
        Training.KilledAt(7, new CheckpointFolder(folder.Path, Attempts.Never, everySteps: 3));
        Assert.That(Names(folder), Is.EqualTo(new[] { "checkpoint-3.bin", "checkpoint-6.bin" }));
        return folder;
    }

    private static void GoesOn(TemporaryFolder folder, long step, params string[] said)
    {
        var begun = -1L;
        var watch = new Recorder { OnStart = at => begun = at };
        var left = Training.Run(new CheckpointFolder(folder.Path, Attempts.Never), watch);
        Assert.That(begun, Is.EqualTo(step));
        Assert.That(left.Weights, Is.EqualTo(Undisturbed.Value.Weights));
        Assert.That(left.History, Is.EqualTo(Undisturbed.Value.History));
        foreach (var line in said) Assert.That(string.Join('\n', watch.Reported), Does.Contain(line));
    }

    private static IEnumerable<string> Names(TemporaryFolder folder) =>
        Directory.GetFiles(folder.Path, "checkpoint-*").Select(path => Path.GetFileName(path)!).Order(StringComparer.InvariantCulture);
}
