using Ablation.Harness.Kernels;
using Ablation.Harness.Networks;
using Ablation.Harness.Planning;
using Ablation.Harness.Training;
using Ablation.Losses;

namespace Ablation.Harness.Doctor;

/// <summary>
/// Images per second of training, by the measurement of <c>plan</c>: forward, loss, backward and step, without reading images.
/// </summary>
public sealed class SpeedCheck : IDoctorCheck
{
    private const int Classes = 1000;

    public string Title => "Training speed";

    public int Place => 80;

    public bool NeedsDevice => true;

    public IEnumerable<CheckLine> Run(DoctorSubject on, CancellationToken cancel)
    {
        var (pixels, batch) = (on.Scale.SpeedPixels, on.Scale.SpeedBatch);
        foreach (var (name, network) in new (string, BackboneOptions)[]
            { ("IResNet-50", new IResNetOptions { Depth = IResNetDepth.R50 }), ("MobileFaceNet", new MobileFaceNetOptions()) })
        {
            foreach (var precision in Enum.GetValues<Precision>())
            {
                cancel.ThrowIfCancellationRequested();
                var one = TrainingCase.Build(network, pixels, new TrainingOptions { Batch = batch, Precision = precision },
                    new ArcFaceOptions(), Classes, on.Device, on.Threads);
                var speed = SpeedProbe.StepsPerSecond(one, on.Device, on.Scale.SpeedSeconds) * batch;
                yield return CheckLine.Ok($"{name}, {precision.ToString().ToLowerInvariant()}",
                    $"{speed:F0} images/s, {pixels} px, batch {batch}");
            }
        }
    }
}
