using Ablation.Harness.Kernels;
using Ablation.Harness.Networks;
using Ablation.Harness.Training.Checkpoints;
using Ablation.Losses.Heads;
using Ablation.Losses.Kernels;
using Ablation.Losses.Kernels.Fused;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Harness.Training;

/// <summary>
/// SGD with momentum and weight decay, the same as torch's: <c>d = g + decay w; v = momentum v + d; w -= rate (v, or d + momentum v by
/// Nesterov)</c>. On the CPU in float32 it reads and writes each value once; torch makes five passes.
/// </summary>
internal sealed class DenseSgd(IReadOnlyList<Optimizers.Group> groups, double momentum, bool nesterov) : IDisposable
{
    private readonly List<(Parameter Parameter, SgdRule Rule)> parameters =
        [.. groups.SelectMany(group => group.Parameters.Select(parameter => (parameter, new SgdRule(momentum, nesterov, group.Decay))))];
    private readonly Dictionary<int, Tensor> velocities = [];

    /// <summary>The momentum buffers made so far, for a checkpoint.</summary>
    public IEnumerable<NamedTensor> State => velocities.OrderBy(one => one.Key).Select(one => new NamedTensor(NameOf(one.Key), one.Value));

    /// <summary>Allocates the buffers that a checkpoint has, to be filled from it.</summary>
    public void Allocate(IReadOnlySet<string> names)
    {
        for (var i = 0; i < parameters.Count; i++)
        {
            if (names.Contains(NameOf(i))) Allocate(i);
        }
    }

    /// <summary>Takes a step; a parameter without a gradient keeps its value, as in torch.</summary>
    public void Step(double rate)
    {
        for (var i = 0; i < parameters.Count; i++)
        {
            using var scope = NewDisposeScope();
            using var grad = no_grad();
            var (parameter, rule) = parameters[i];
            if (parameter.grad is not { } gradient) continue;
            if (momentum > 0) Allocate(i);
            Move(parameter, gradient, velocities.GetValueOrDefault(i), rule, rate);
        }
    }

    public void Dispose()
    {
        foreach (var velocity in velocities.Values) velocity.Dispose();
        velocities.Clear();
    }

    private static string NameOf(int parameter) => $"velocity.{parameter}";

    private void Allocate(int i)
    {
        if (!velocities.ContainsKey(i)) velocities[i] = zeros_like(parameters[i].Parameter.detach()).DetachFromDisposeScope();
    }

    private static void Move(Tensor parameter, Tensor gradient, Tensor? velocity, SgdRule rule, double rate)
    {
        var weight = parameter.detach();
        if (Rows(weight) is { } rows && MicroKernel.IsSupported && weight.dtype == ScalarType.Float32
            && gradient.dtype == ScalarType.Float32 && (velocity is null || Rows(velocity) is not null))
        {
            var slopes = Rows(gradient) ?? Rows(gradient.dim() == 4 ? ChannelsLast.Convert(gradient) : gradient.contiguous())!;
            new SgdPass(rows, velocity is null ? null : Rows(velocity), rule, rate).Dense(slopes);
            return;
        }

        var move = rule.Decay > 0 ? gradient + weight * rule.Decay : gradient.clone();
        if (velocity is not null)
        {
            velocity.mul_(rule.Momentum).add_(move);
            if (rule.Nesterov) move.add_(velocity * rule.Momentum);
            else move = velocity;
        }

        weight.sub_(move * rate);
    }

    /// <summary>Returns a two-dimensional view in memory order, channels-last for convolutions; null for any other layout.</summary>
    private static Tensor? Rows(Tensor values)
    {
        if (!CpuPath.IsTaken(values)) return null;
        if (values.dim() == 4) return Pixels.IsChannelsLast(values) ? values.permute(0, 2, 3, 1).reshape(values.shape[0], -1) : null;
        if (!values.is_contiguous()) return null;
        return values.dim() > 1 ? values.reshape(values.shape[0], -1) : values.reshape(1, -1);
    }
}
