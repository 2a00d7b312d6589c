using System.Text.RegularExpressions;
using Ablation.Harness;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;
using Ablation.Harness.Native;
using Ablation.Harness.Provenance;
using Ablation.Losses;
using Ablation.Tests.Training;

namespace Ablation.Tests.Provenance;

/// <summary>Every trial records its machine, program and data; results without them are still read.</summary>
public sealed class ProvenanceTests
{
    private static readonly TrialSpec Spec = Tiny.Spec(new SoftmaxOptions(), training: Tiny.Training with { Epochs = 0 });

    [Test]
    public void A_trial_records_its_origin()
    {
        var before = DateTimeOffset.UtcNow;
        var origin = Tiny.Run(Spec).Result.Provenance;
        using var source = Spec.Data.Open(new DataRoot("."));
        using var test = Spec.Tests[0].Open(new DataRoot("."));
        Assert.Multiple(() =>
        {
            Assert.That(origin.Started, Is.GreaterThanOrEqualTo(before));
            Assert.That(origin.Ended, Is.GreaterThanOrEqualTo(origin.Started));
            Assert.That(origin.Restarts, Is.Zero);
            Assert.That(origin.Native, Is.EqualTo(NativeVersions.Current));
            Assert.That(origin.Packages, Is.EqualTo(Packages.All));
            Assert.That(origin.Gpu, Is.Null);
            Assert.That(origin.GpuJoules, Is.Null);
            Assert.That(origin.Data, Is.EqualTo(
                new DataFingerprint(DataFingerprint.Compute(source), [new(test.Name, DataFingerprint.Compute(test))])));
            Assert.That(origin.PeakBytes is > 0, Is.EqualTo(OperatingSystem.IsLinux() || OperatingSystem.IsWindows()));
        });
    }

    [Test]
    public void Measurements_of_earlier_attempts_are_added()
    {
        var earlier = new Spent(DateTimeOffset.UnixEpoch, 1000, long.MaxValue / 2, null, null);
        using var meter = ProvenanceMeter.Start(Tiny.Place);
        meter.Continue(earlier);
        using var source = Spec.Data.Open(new DataRoot("."));
        var origin = meter.End(source, DataFingerprint.Compute(source), [], restarts: 2);
        Assert.That((origin.Started, origin.Restarts, origin.ProcessorJoules),
            Is.EqualTo((DateTimeOffset.UnixEpoch, (int?)2, (double?)null)));
        Assert.That(origin.Seconds, Is.GreaterThanOrEqualTo(1000).And.LessThan(1600));
        if (origin.PeakBytes is { } peak) Assert.That(peak, Is.EqualTo(long.MaxValue / 2));
    }

    [Test]
    public void Data_missing_at_the_end_lose_the_fingerprint_but_not_the_result()
    {
        using var meter = ProvenanceMeter.Start(Tiny.Place);
        using var source = new GoneSource();
        var origin = meter.End(source, null, [], restarts: 0);
        Assert.That((origin.Data, origin.TrainingImages), Is.EqualTo(((DataFingerprint?)null, 3)));
    }

    [Test]
    public void It_reads_back_and_earlier_results_are_read()
    {
        var origin = Tiny.Run(Spec).Result.Provenance;
        var json = SpecJson.Write(origin);
        var read = SpecJson.Read<TrialProvenance>(json);
        Assert.That(read with { Packages = origin.Packages }, Is.EqualTo(origin));
        Assert.That(read.Packages, Is.EqualTo(origin.Packages));
        Assert.That(json, Does.Not.Contain("devicePeakBytes"), "the processor has none");
        var onDevice = SpecJson.Write(origin with { DevicePeakBytes = 7 });
        Assert.That(SpecJson.Read<TrialProvenance>(onDevice).DevicePeakBytes, Is.EqualTo(7));

        var old = Regex.Replace(json, ",\\s*\"ended\".*$", "\n}", RegexOptions.Singleline);
        Assert.That(old, Does.Contain("identities").And.Not.Contain("restarts"), "the premise");
        var earlier = SpecJson.Read<TrialProvenance>(old);
        Assert.That((earlier.Ended, earlier.Restarts, earlier.Packages, earlier.Native, earlier.Data, earlier.PeakBytes),
            Is.EqualTo(((DateTimeOffset?)null, (int?)null, (object?)null, (object?)null, (object?)null, (long?)null)));
    }

    private sealed class GoneSource : FaceSource
    {
        public override string Name => "gone";

        public override int Count => 3;

        public override int Identities => 2;

        public override LabelledFace Read(int index) => throw new IOException("the drive is gone");

        public override int IdentityOf(int index) => 0;

        public override string Locate(int index) => "nowhere";
    }
}
