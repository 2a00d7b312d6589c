using Ablation.Harness.Networks;
using Ablation.Losses;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Harness.Theory;

/// <summary>
/// Measures <see cref="ProxyMotion"/> around a step of the optimiser. It keeps the directions of at most 1,024 proxies for the time of the
/// step, changes nothing, and leaves its measurements on the device until the log point.
/// </summary>
internal sealed class MotionProbe(Backbone backbone, FaceLoss loss) : IDisposable
{
    private const int MostProxies = 1024;
    private readonly BatchNorm1d? last = backbone.modules().OfType<BatchNorm1d>().LastOrDefault();
    private Tensor? before; // directions, at most 1,024 x D
    private Tensor? shares; // touched, effective and, where there is one, the bias's share
    private Tensor? measured; // the turn of the mean proxy in radians, then the shares

    /// <summary>Call when the gradient of the step is whole.</summary>
    public void BeforeStep()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        Clear();
        var norms = loss.Gradient.Norms();
        var (sum, count) = (norms.sum(), loss.proxies.shape[0]);
        List<Tensor> rows =
        [
            norms.gt(0).sum().to(ScalarType.Float32) / count,
            sum * sum / (norms.square().sum() * count).clamp_min(float.Epsilon),
        ];
        if (last is { weight: { } weight, bias: { } bias })
            rows.Add(bias.detach().square().sum() / (bias.detach().square().sum() + weight.detach().square().sum()));
        shares = stack(rows).DetachFromDisposeScope();
        before = Directions().DetachFromDisposeScope();
    }

    /// <summary>Call after the step; without a call of <see cref="BeforeStep"/> it does nothing.</summary>
    public void AfterStep()
    {
        if (before is null) return;
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        // the length of a short chord is the angle, and float32 holds it where it does not hold the cosine
        var chord = (Directions() - before).norm(1, p: 2).mean().unsqueeze(0);
        measured = cat([chord, shares!]).DetachFromDisposeScope();
        before.Dispose();
        before = null;
    }

    /// <summary>Returns the last measurement since the previous call; null if there is none, or it has a NaN.</summary>
    public ProxyMotion? Take(double stepsPerEpoch)
    {
        if (measured is null) return null;
        using var onHost = measured.cpu();
        Clear();
        var values = onHost.data<float>().ToArray();
        return Array.TrueForAll(values, float.IsFinite) ? new ProxyMotion(
            double.RadiansToDegrees(2 * Math.Asin(Math.Min(1, values[0] / 2))) * stepsPerEpoch, values[1], values[2],
            values.Length > 3 ? values[3] : null) : null;
    }

    public void Dispose() => Clear();

    private void Clear()
    {
        before?.Dispose();
        shares?.Dispose();
        measured?.Dispose();
        (before, shares, measured) = (null, null, null);
    }

    /// <summary>Of proxies at equal steps through all of them.</summary>
    private Tensor Directions()
    {
        var (proxies, count) = (loss.proxies.detach(), loss.proxies.shape[0]);
        var step = (count + MostProxies - 1) / MostProxies;
        var rows = step == 1 ? proxies : proxies.index_select(0, arange(0, count, step, ScalarType.Int64, proxies.device));
        return nn.functional.normalize(rows, dim: 1);
    }
}
