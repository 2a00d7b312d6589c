using System.Text;
using Ablation.Experiments.Reports;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness;
using Ablation.Harness.Foundations;
using Ablation.Harness.Training;
using Ablation.Harness.Training.Checkpoints;
using Ablation.Losses;
using Ablation.Tests.Scheduling;
using Ablation.Tests.Training;
using Ablation.Tests.Training.Checkpoints;

namespace Ablation.Tests.Store;

/// <summary>
/// One flipped bit, or a truncation, in each file that a report or an evaluation reads: it is refused by name or changes nothing. Prints
/// a table of the outcomes.
/// </summary>
public sealed class ByteFlipTests
{
    private const int Flips = 40, Cuts = 10;
    private static readonly TemporaryFolder Folder = new();
    private static readonly Suite Suite = TinySuite.Of(new ArcFaceOptions { Scale = 8 }, new SoftmaxOptions()) with
    {
        Name = "flips",
        Figures = []
    };
    private static readonly ResultStore Store = new(Path.Combine(Folder.Path, "flips"));
    private static readonly TrialSpec Spec = Suite.Trials()[0].Spec;
    private static Dictionary<string, byte[]> report = [];

    [OneTimeSetUp]
    public void Train()
    {
        foreach (var trial in Suite.Trials())
        {
            var weights = Folder.File($"{trial.Label}.bin");
            Store.Save(Trial.Run(trial.Spec, trial.Label, Tiny.Place, new TrialControl(Weights: weights), CancellationToken.None), weights);
        }

        report = Report(Suite);
    }

    [OneTimeTearDown]
    public void Remove() => Folder.Dispose();

    [TestCase("result.json")]
    [TestCase("history.csv")]
    [TestCase("scores-*.npz")]
    public void A_report_is_the_same_or_its_trial_is_damaged(string pattern) =>
    Campaign(Directory.GetFiles(Store.TrialFolder(Spec.Id()), pattern).Single(), path =>
    {
        var trial = Summary.Read(Suite, Store).Trials[0];
        if (trial.IsDamaged)
        {
            Assert.That(trial.Damage.Single(), Does.StartWith(path).And.Contains("delete"));
            Assert.That((trial.Metrics.Count, trial.History.Count, trial.Scores.Count), Is.EqualTo((0, 0, 0)));
            return true;
        }

        Same(Report(Suite));
        return false;
    });

    [Test]
    public void Weights_are_refused() => Campaign(Path.Combine(Store.TrialFolder(Spec.Id()), TrialWeights.FileName), path =>
    {
        var refused = Assert.Throws<DataProblem>(() => TrialWeights.Load(Store.Load(Spec.Id())!, Store.TrialFolder(Spec.Id())).Dispose())!;
        Assert.That(refused.Where, Is.EqualTo(path));
        return true;
    });

    [Test]
    public void For_a_damaged_checkpoint_the_previous_one_is_used_with_the_same_result()
    {
        using var folder = new TemporaryFolder();
        var spec = Tiny.Spec(new SoftmaxOptions());
        var whole = Trial.Run(spec, "label", Tiny.Place, null, CancellationToken.None).Result.Weights;
        Assert.That(() =>
            Trial.Run(spec, "label", Tiny.Place,
                new TrialControl(new CheckpointFolder(folder.Path, Attempts.Never, everySteps: 2),
                    new Recorder { OnStep = step => { if (step == 5) throw new TimeoutException(); } }), CancellationToken.None),
            Throws.TypeOf<TimeoutException>());
        var (newest, before) = (folder.File("checkpoint-4.bin"), File.ReadAllBytes(folder.File("checkpoint-2.bin")));
        var header = Checkpoint.Open(newest).Header;
        var owner = new CheckpointOwner(header.Spec, header.Split, header.Threads, header.Device, header.Origin);
        var number = 0;
        Campaign(newest, _ =>
        {
            var start = TrialCheckpoints.Find(new CheckpointFolder(folder.Path, Attempts.Never), owner, null, out var _)!;
            Assert.That(start.Header.Loop.Step, Is.EqualTo(2));
            if (number++ % 10 != 0) return true;
            // sometimes to the end, because the training replaces the damaged file
            Assert.That(Trial.Run(spec, "label", Tiny.Place, new TrialControl(new CheckpointFolder(folder.Path, Attempts.Never)),
                CancellationToken.None).Result.Weights, Is.EqualTo(whole));
            foreach (var path in Directory.GetFiles(folder.Path)) File.Delete(path);
            File.WriteAllBytes(folder.File("checkpoint-2.bin"), before);
            return true;
        });
    }

    [Test]
    public void A_suite_never_shows_a_number_of_another_specification()
    {
        var path = Folder.File("flips.jsonc");
        File.WriteAllText(path, SpecJson.Write(Suite));
        Campaign(path, _ =>
        {
            Suite read;
            try
            {
                read = SuiteFile.Read(path);
            }
            catch (SuiteException e)
            {
                Assert.That(e.Message, Does.StartWith(path));
                return true;
            }

            var found = Summary.Read(read, Store).Trials.Where(trial => trial.Result is not null).ToList();
            foreach (var trial in found) Assert.That(SpecJson.Write(trial.Result!.Spec), Is.EqualTo(SpecJson.Write(trial.Plan.Spec)));
            return found.Count < Suite.Trials().Count; // otherwise a text, an explicit default or an order changed: the same trials
        });
    }

    /// <summary>Damages a file at each place and restores it.</summary>
    /// <param name="isRefused">Returns whether the file was refused; otherwise checks that nothing changed.</param>
    private static void Campaign(string path, Func<string, bool> isRefused)
    {
        var bytes = File.ReadAllBytes(path);
        var random = new Random(17);
        int refused = 0, harmless = 0;
        for (var i = 0; i < Flips + Cuts; i++)
        {
            byte[] damaged = i < Flips ? [.. bytes] : bytes[..random.Next(bytes.Length)];
            var at = random.Next(bytes.Length);
            if (i < Flips) damaged[at] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(path, damaged);
            try
            {
                if (isRefused(path)) refused++;
                else harmless++;
            }
            catch (Exception e) when (e is not AssertionException)
            {
                Assert.Fail($"{Path.GetFileName(path)}, {(i < Flips ? $"byte {at}" : $"cut to {damaged.Length}")}: {e}");
            }
        }

        File.WriteAllBytes(path, bytes);
        TestContext.Out.WriteLine($"{Path.GetFileName(path)}: {Flips} flips and {Cuts} cuts, {refused} refused, {harmless} harmless");
    }

    private static Dictionary<string, byte[]> Report(Suite suite)
    {
        SuiteReport.Write(suite, Store);
        return Directory.GetFiles(Store.Folder).ToDictionary(file => Path.GetFileName(file), File.ReadAllBytes);
    }

    private static void Same(Dictionary<string, byte[]> again)
    {
        Assert.That(again.Keys, Is.EquivalentTo(report.Keys));
        foreach (var (file, content) in again) Assert.That(Encoding.UTF8.GetString(content),
            Is.EqualTo(Encoding.UTF8.GetString(report[file])), file);
    }
}
