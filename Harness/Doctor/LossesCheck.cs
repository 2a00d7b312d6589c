using Ablation.Losses;
using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Harness.Doctor;

/// <summary>
/// Computes every loss in every implementation on the device, in float32, and compares value and gradients with the straight formulation
/// on the processor in float64.
/// </summary>
public sealed class LossesCheck : IDoctorCheck
{
    /// <summary>Largest relative error of a value or a gradient. Margins and scale 64 multiply float32's 6e-8; a wrong sign or margin
    /// gives more than 1e-2.</summary>
    public const double MostError = 1e-4;

    private static readonly HeadOptions Straight = new() { Implementation = HeadImplementation.Straight };

    public string Title => "Losses against float64";

    public int Place => 40;

    public bool NeedsDevice => true;

    public IEnumerable<CheckLine> Run(DoctorSubject on, CancellationToken cancel)
    {
        foreach (var (label, loss) in on.Losses)
        {
            cancel.ThrowIfCancellationRequested();
            CheckLine line;
            try
            {
                line = Compare(label, loss, on);
            }
            catch (Exception e)
            {
                line = DoctorRun.Failure(label, e);
            }

            yield return line;
        }
    }

    private static CheckLine Compare(string label, LossOptions options, DoctorSubject on)
    {
        var shape = new LossShape(on.Scale.LossClasses, on.Scale.LossDimension);
        using var sample = new HeadSample(options, on.Scale.LossBatch, shape);
        var exact = sample.Run(Straight, ScalarType.Float64, CPU);
        var (worst, computed) = (new Deviation(0, "nothing was computed"), 0);
        foreach (var way in on.Ways)
        {
            using var taken = way.Enter();
            foreach (var head in Implementations(options, shape, ofProcessor: on.IsProcessor && way.Name.Length == 0))
            {
                var actual = sample.Run(head, ScalarType.Float32, on.Device);
                computed++;
                var how = $"{actual.Choice.Implementation.ToString().ToLowerInvariant()}, {actual.Choice.Kernel}" +
                    (way.Name.Length > 0 ? $", {way.Name}" : "");
                worst = Deviation.Worst(worst, Deviation.Between([actual.Value], [exact.Value], $"value, {how}"));
                foreach (var (name, gradient) in exact.Gradients)
                    worst = Deviation.Worst(worst, Deviation.Between(actual.Gradients[name], gradient, $"gradient of {name}, {how}"));
            }
        }

        return CheckLine.Within(label, worst.Error, MostError,
            $"worst error {Deviation.Text(worst.Error)} of {computed} computations ({worst.What})", Deviation.Text(MostError),
            "the loss is not computed right here: report it with this page, and use --device cpu");
    }

    private static IEnumerable<HeadOptions> Implementations(LossOptions options, LossShape shape, bool ofProcessor)
    {
        yield return Straight;
        using var loss = options.Build(shape);
        if (!loss.HasKernel) yield break;
        foreach (var implementation in (HeadImplementation[])[HeadImplementation.Stored, HeadImplementation.Tiled])
        {
            yield return new HeadOptions { Implementation = implementation };
            if (ofProcessor) yield return new HeadOptions { Implementation = implementation, Kernel = HeadKernel.Libtorch };
        }
    }
}
