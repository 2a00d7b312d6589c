using Ablation.Harness;
using Ablation.Harness.Faces;
using Ablation.Harness.Provenance;
using Ablation.Harness.Training;
using Ablation.Harness.Training.Checkpoints;
using Ablation.Losses;
using Ablation.Tests.Images;

namespace Ablation.Tests.Training.Checkpoints;

/// <summary>A trial whose pictures change between attempts or while it runs.</summary>
public sealed class ChangedDataTests
{
    private TemporaryFolder faces = null!;
    private TemporaryFolder folder = null!;
    private TrialSpec spec = null!;

    [SetUp]
    public void Make_pictures()
    {
        (faces, folder) = (new TemporaryFolder(), new TemporaryFolder());
        for (var image = 0; image < 32; image++) Write($"p{image % 4}/{image}.png", image);
        spec = Tiny.Spec(new SoftmaxOptions()) with { Data = new FolderOptions { Path = faces.Path } };
    }

    [TearDown]
    public void Remove()
    {
        faces.Dispose();
        folder.Dispose();
    }

    [Test]
    public void Swapped_labels_restart_the_training() => BeginsAnew("the training data changed", () =>
    {
        Directory.Move(Path.Combine(faces.Path, "p0"), Path.Combine(faces.Path, "x"));
        Directory.Move(Path.Combine(faces.Path, "p1"), Path.Combine(faces.Path, "p0"));
        Directory.Move(Path.Combine(faces.Path, "x"), Path.Combine(faces.Path, "p1"));
    });

    [Test]
    public void A_replaced_picture_restarts_the_training() => BeginsAnew("the training data changed", () => Write("p3/31.png", 77));

    [Test]
    public void A_picture_replaced_with_equal_length_and_time_restarts_it() => BeginsAnew("the training data changed", () =>
    {
        var path = Path.Combine(faces.Path, "p2", "2.png");
        var (bytes, time) = (File.ReadAllBytes(path), File.GetLastWriteTimeUtc(path));
        var another = Pictures.Png(Pictures.Smooth(123, 16, 16));
        File.WriteAllBytes(path, another.Length <= bytes.Length ? [.. another, .. new byte[bytes.Length - another.Length]] : another);
        File.SetLastWriteTimeUtc(path, time);
    });

    [Test]
    public void Pictures_in_another_order_restart_it() =>
    BeginsAnew("the training data changed",
        () => File.Move(Path.Combine(faces.Path, "p0", "0.png"), Path.Combine(faces.Path, "p0", "99.png")));

    [Test]
    public void A_file_written_again_restarts_it() =>
    BeginsAnew("files of the training data were written",
        () => File.SetLastWriteTimeUtc(Path.Combine(faces.Path, "p1", "5.png"), DateTime.UnixEpoch));

    [Test]
    public void On_the_same_data_a_training_resumes_with_its_original_pairing()
    {
        Interrupt();
        var origin = Checkpoint.Open(folder.File("checkpoint-2.bin")).Header.Origin!;
        var starts = new List<long>();
        var result = Run(new Recorder { OnStart = starts.Add }).Result;
        Assert.That(starts, Is.EqualTo(new[] { 2L }));
        Assert.That((result.Pairing, result.Provenance.BegunAnew, result.Provenance.DataChanged),
            Is.EqualTo((origin.Pairing, (string?)null, false)));
    }

    [Test]
    public void A_checkpoint_of_another_start_is_refused()
    {
        Interrupt();
        var header = Checkpoint.Open(folder.File("checkpoint-2.bin")).Header;
        var origin = header.Origin!;
        Assert.That(Misfit(origin), Is.Null);
        Assert.That(Misfit(origin with { Pairing = origin.Pairing with { Weights = "others" } }), Does.Contain("other weights"));
        Assert.That(Misfit(origin with { Pairing = origin.Pairing with { Proxies = "others" } }), Does.Contain("other proxies"));
        Assert.That(Misfit(origin with { Pairing = origin.Pairing with { Batches = "others" } }), Does.Contain("another first batch"));
        Assert.That(origin.Mismatch(null), Does.Contain("an earlier version wrote it"));

        string? Misfit(TrialOrigin now) =>
            new CheckpointOwner(header.Spec, header.Split, header.Threads, header.Device, now).Mismatch(header);
    }

    [Test]
    public void Pictures_that_change_while_a_trial_runs_are_recorded()
    {
        var watch = new Recorder { OnStep = step => { if (step == 1) Write("p3/31.png", 77); } };
        var fingerprint = DataFingerprint.Compute(spec.Data.Open(new DataRoot(".")));
        var result = Run(watch).Result;
        Assert.That(result.Provenance.DataChanged);
        Assert.That(result.Provenance.Data!.Training, Is.EqualTo(fingerprint), "that of the start");
        Assert.That(watch.Reported, Has.Exactly(1).Contains("while this trial ran"));
    }

    private void BeginsAnew(string why, Action change)
    {
        Interrupt();
        change();
        var starts = new List<long>();
        var watch = new Recorder { OnStart = starts.Add };
        var (result, fresh) = (Run(watch).Result, Trial.Run(spec, "label", Tiny.Place, null, CancellationToken.None).Result);
        Assert.That(starts, Is.EqualTo(new[] { 0L }));
        Assert.That(watch.Reported,
            Has.Some.Contains("checkpoint-2.bin").And.Some.Contains(why).And.Some.Contains("the training starts from the beginning"));
        Assert.That(result.Provenance.BegunAnew, Does.StartWith("not continued from step 2: ").And.Contains(why));
        Assert.That((result.Weights, result.Pairing), Is.EqualTo((fresh.Weights, fresh.Pairing)), "as without the other data");
    }

    private void Interrupt() => Assert.That(() => Trial.Run(spec, "label", Tiny.Place,
        new TrialControl(new CheckpointFolder(folder.Path, Attempts.Never, everySteps: 2),
            new Recorder { OnStep = step => { if (step == 3) throw new TimeoutException("killed"); } }), CancellationToken.None),
                Throws.TypeOf<TimeoutException>());

    private TrialOutput Run(Recorder watch) =>
        Trial.Run(spec, "label", Tiny.Place, new TrialControl(new CheckpointFolder(folder.Path, Attempts.Never), watch),
            CancellationToken.None);

    private void Write(string name, int seed)
    {
        var path = Path.Combine(faces.Path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, Pictures.Png(Pictures.Smooth(seed, 16, 16)));
    }
}
