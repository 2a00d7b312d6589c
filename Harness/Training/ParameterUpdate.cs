using Ablation.Harness.Networks;
using Ablation.Losses;
using Ablation.Losses.Passes;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Harness.Training;

/// <summary>Steps all parameters of a training: the learning rate, clipping, and the optimisers.</summary>
internal sealed class ParameterUpdate : IDisposable
{
    private readonly FaceLoss loss;
    private readonly TrainingOptions options;
    private readonly IReadOnlyList<Optimizers.Group> stepped; // without the proxies if they have a separate optimiser

    public ParameterUpdate(Backbone backbone, FaceLoss loss, TrainingOptions options)
    {
        (this.loss, this.options) = (loss, options);
        Groups = Optimizers.Groups(backbone, loss, options);
        Proxies = Optimizers.ForProxies(loss, options);
        stepped = Proxies is null ? Groups : Optimizers.WithoutProxies(Groups, loss);
        if (options.Optimizer == OptimizerKind.AdamW) Adam = Optimizers.AdamW(stepped, options);
        else Sgd = new DenseSgd(stepped, options.Momentum, Optimizers.IsNesterov(options));
    }

    public IReadOnlyList<Optimizers.Group> Groups { get; }

    /// <summary>Null with SGD.</summary>
    public AdamW? Adam { get; }

    /// <summary>Null with AdamW.</summary>
    public DenseSgd? Sgd { get; }

    /// <summary>The separate optimiser of the proxies; null with AdamW.</summary>
    public ProxySgd? Proxies { get; }

    /// <summary>The learning rate of the next step.</summary>
    public double Rate { get; private set; }

    public void SetRate(double rate)
    {
        Rate = rate;
        if (Adam is null) return;
        foreach (var (parameters, group) in Adam.ParamGroups.Zip(stepped)) parameters.LearningRate = rate * group.RateFactor;
    }

    /// <summary>Clears the gradients, so that the next one is written instead of added.</summary>
    public void ClearGradients()
    {
        foreach (var parameter in stepped.SelectMany(group => group.Parameters)) parameter.grad = null;
        loss.Gradient.Clear();
    }

    /// <summary>Takes one step. The scope frees the handles that it makes for each parameter's gradient.</summary>
    public void Step()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        if (Proxies is null) loss.Gradient.Densify();
        if (options.ClipNorm is { } limit) Clip(limit);
        Adam?.step();
        Sgd?.Step(Rate);
        Proxies?.Step(Rate * options.ProxyRateFactor);
    }

    public void Dispose()
    {
        Sgd?.Dispose();
        Proxies?.Dispose();
    }

    /// <summary>Clips on the device: libtorch's clipping returns the norm to the host, which would stall the device.</summary>
    private void Clip(double limit)
    {
        loss.Gradient.Merge(); // the norm is that of the sums
        var gradients = stepped.SelectMany(group => group.Parameters).Select(parameter => parameter.grad).OfType<Tensor>().ToList();
        if (Proxies is not null)
            gradients.AddRange(loss.Gradient.Rows.Count > 0 && !loss.Gradient.IsDense
                ? loss.Gradient.Rows.Select(part => part.Values) : [Dense()]);
        var factor = (limit / (stack(gradients.Select(gradient => gradient.norm())).norm() + 1e-6)).clamp_max(1);
        foreach (var gradient in gradients) gradient.mul_(factor);

        Tensor Dense()
        {
            loss.Gradient.Densify();
            return loss.proxies.grad!;
        }
    }
}
