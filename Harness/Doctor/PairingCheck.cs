using Ablation.Harness.Provenance;

namespace Ablation.Harness.Doctor;

/// <summary>Checks that trials that differ only in the loss start from the same weights and proxies and see the same batches.</summary>
public sealed class PairingCheck : IDoctorCheck
{
    public string Title => "Paired seeds";

    public int Place => 60;

    public bool NeedsDevice => true;

    public IEnumerable<CheckLine> Run(DoctorSubject on, CancellationToken cancel)
    {
        var network = on.Scale.RepeatedNetworks[0];
        var found = on.Losses.Select(loss => (Label: loss.Key, Pairing: Of(new ShortTrial(loss.Value, network, Seed: 1), on, cancel)))
            .ToList();
        var odd = found.Where(one => one.Pairing != found[0].Pairing).Select(one => one.Label).ToList();
        yield return odd.Count == 0
            ? CheckLine.Ok("same seed", $"{found.Count} losses have the same hashes: weights {found[0].Pairing.Weights[..12]}, " +
                $"proxies {found[0].Pairing.Proxies[..12]}, first batch {found[0].Pairing.Batches![..12]}")
            : CheckLine.Failed("same seed", $"{string.Join(", ", odd)} differ from {found[0].Label}",
                "comparisons of these losses are not paired: report it with this page");
        var other = Of(new ShortTrial(on.Losses.Values.First(), network, Seed: 2), on, cancel);
        var first = found[0].Pairing;
        var alike = new (string What, bool Same)[] { ("weights", other.Weights == first.Weights),
            ("proxies", other.Proxies == first.Proxies), ("batches", other.Batches == first.Batches) }
            .Where(part => part.Same).Select(part => part.What).ToList();
        yield return alike.Count == 0
            ? CheckLine.Ok("another seed", "other weights, proxies and batches")
            : CheckLine.Failed("another seed", $"the same {string.Join(" and ", alike)}", "report it with this page");
    }

    private static Pairing Of(ShortTrial trial, DoctorSubject on, CancellationToken cancel)
    {
        var place = trial.Place(on);
        using var meter = ProvenanceMeter.Start(place);
        using var prepared = new PreparedTrial(trial.Spec, place, new TrialControl(), meter, cancel);
        return prepared.Pairing;
    }
}
