using System.ComponentModel;
using System.Reflection;
using Ablation.Harness.Kernels;
using Ablation.Losses;
using Ablation.Losses.Options;

namespace Ablation.Harness.Doctor;

/// <summary>Trains the same few steps twice and compares every bit of the weights and of the loss.</summary>
public sealed class RepeatCheck : IDoctorCheck
{
    public string Title => "Two equal trainings";

    public int Place => 70;

    public bool NeedsDevice => true;

    public IEnumerable<CheckLine> Run(DoctorSubject on, CancellationToken cancel)
    {
        foreach (var (name, trial) in Trials(on))
        {
            CheckLine line;
            try
            {
                line = Compare(name, trial, on, cancel);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                line = DoctorRun.Failure(name, e);
            }

            yield return line;
        }
    }

    /// <summary>Returns one loss of each category in the first network, every loss on a GPU; and the other networks in both
    /// precisions.</summary>
    private static IEnumerable<(string Name, ShortTrial Trial)> Trials(DoctorSubject on)
    {
        var first = on.Scale.RepeatedNetworks[0];
        var losses = on.IsProcessor ? on.Losses.DistinctBy(loss => CategoryOf(loss.Value)) : on.Losses;
        foreach (var (label, loss) in losses) yield return (label, new ShortTrial(loss, first, Seed: 1));
        foreach (var (network, precision) in on.Scale.RepeatedNetworks.SelectMany(network =>
            Enum.GetValues<Precision>().Select(precision => (network, precision))))
        {
            yield return ($"{Catalog.NameOf(network)}, {precision.ToString().ToLowerInvariant()}",
                new ShortTrial(on.Losses.Values.First(), network, Seed: 1, precision));
        }
    }

    private static string CategoryOf(LossOptions loss) => loss.GetType().GetCustomAttribute<CategoryAttribute>()?.Category ?? "";

    private static CheckLine Compare(string name, ShortTrial trial, DoctorSubject on, CancellationToken cancel)
    {
        var (one, two) = (Train(), Train());
        if (one.Result.Weights is null || two.Result.Weights is null)
            return CheckLine.Failed(name, $"the training {one.Result.Ending()}", "report it with this page");
        var same = one.Result.Weights == two.Result.Weights
            && one.History.Select(point => point.Loss).SequenceEqual(two.History.Select(point => point.Loss));
        return same
            ? CheckLine.Ok(name, $"{one.Result.Steps} steps, the same bits (weights {one.Result.Weights[..12]})")
            : CheckLine.Failed(name, $"{one.Result.Steps} steps with the same seed ended in other weights",
                "a trial cannot be repeated here: report it with this page");

        TrialOutput Train() => Trial.Run(trial.Spec, name, trial.Place(on), null, cancel);
    }
}
