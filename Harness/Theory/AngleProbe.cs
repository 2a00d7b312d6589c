using Ablation.Harness.Statistics;
using Ablation.Losses;
using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Harness.Theory;

/// <summary>
/// Measures <see cref="ProxyAngles"/> in the loop. Its measurements stay on the device until the log point, which waits for the device in
/// any case. It draws no random numbers, makes no gradient and holds only a few matrices of 64 x C.
/// </summary>
internal sealed class AngleProbe(FaceLoss loss) : IDisposable
{
    private const int MostSamples = 64;
    private const double SmallestNorm = 1e-12;
    private Tensor? measured; // 2 to 4 x N: cosines with the own and the nearest other proxy; gaps and bounds, or active hinges

    /// <param name="embeddings">B x D of a pass, not normalised; the first 64 are measured: batches are shuffled.</param>
    /// <param name="labels">B, int64.</param>
    public void Measure(Tensor embeddings, Tensor labels)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var count = Math.Min(MostSamples, embeddings.shape[0]);
        var samples = embeddings.detach().narrow(0, 0, count).to(ScalarType.Float32);
        var column = labels.narrow(0, 0, count).to(samples.device).unsqueeze(1); // N x 1
        var proxies = loss.proxies.detach();
        var cosines = samples.matmul(proxies.t()); // N x K C; dividing by norms afterwards avoids a C x D copy
        cosines.div_(samples.norm(1, keepdim: true, p: 2).clamp_min(SmallestNorm));
        cosines.div_(proxies.norm(1, p: 2).clamp_min(SmallestNorm).unsqueeze(0));
        cosines = loss.OfIdentities(cosines.clamp_(-1, 1));
        var own = cosines.gather(1, column); // N x 1
        var others = cosines.scatter(1, column, full_like(column, double.NegativeInfinity, cosines.dtype));
        List<Tensor> rows = [own.squeeze(1), Largest(others)];
        // with fewer hinges than identities, those of the nearest are summed: they are the first to be active
        if (loss.Form is HingeForm hinge)
            rows.Add(others.gt(own - hinge.Margin).sum(1).clamp_max(hinge.Negatives.Value).to(cosines.dtype));
        if (loss.Logits(samples, cosines, column.squeeze(1)) is { } logits)
        {
            var scales = logits.Scale.clamp_min(SmallestNorm);
            var gap = (logits.Values - Largest(logits.Values).unsqueeze(1)).exp().sum(1).log();
            rows.AddRange([gap / scales, scales.reciprocal() * Math.Log(logits.Summed)]);
        }

        measured?.Dispose();
        measured = stack(rows).DetachFromDisposeScope();
    }

    /// <summary>Returns the last measurement since the previous call; null if there is none, or it has a NaN.</summary>
    public ProxyAngles? Take()
    {
        if (measured is null) return null;
        using var onHost = measured.cpu();
        measured.Dispose();
        measured = null;
        var (values, count) = (onHost.data<float>().ToArray(), (int)onHost.shape[1]);
        return Array.TrueForAll(values, float.IsFinite)
            ? Angles(values.AsSpan(0, count), values.AsSpan(count, count), values.AsSpan(2 * count)) : null;
    }

    public void Dispose() => measured?.Dispose();

    /// <param name="rest">Gaps and bounds, or active hinges, or nothing.</param>
    private static ProxyAngles Angles(ReadOnlySpan<float> own, ReadOnlySpan<float> nearest, ReadOnlySpan<float> rest)
    {
        var nearer = 0;
        for (var i = 0; i < own.Length; i++) nearer += own[i] > nearest[i] ? 1 : 0;
        var gap = rest.Length > own.Length ? new LogSumExpGap(Mean(rest[..own.Length]), Mean(rest[own.Length..])) : null;
        return new ProxyAngles(own.Length, Spread(own), Spread(nearest), (double)nearer / own.Length, gap,
            rest.Length == own.Length ? Activity(rest) : null);
    }

    private static HingeActivity Activity(ReadOnlySpan<float> active)
    {
        var samples = 0;
        foreach (var count in active) samples += count > 0 ? 1 : 0;
        return new HingeActivity((double)samples / active.Length, Mean(active));
    }

    private static AngleSpread Spread(ReadOnlySpan<float> cosines)
    {
        var degrees = new double[cosines.Length];
        for (var i = 0; i < degrees.Length; i++) degrees[i] = double.RadiansToDegrees(Math.Acos(cosines[i]));
        Array.Sort(degrees);
        return new AngleSpread(Quantile.Compute(degrees, 0.1), Quantile.Compute(degrees, 0.5), Quantile.Compute(degrees, 0.9),
            degrees.Average());
    }

    private static double Mean(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (var value in values) sum += value;
        return sum / values.Length;
    }

    private static Tensor Largest(Tensor values) => values.amax([1L]);
}
