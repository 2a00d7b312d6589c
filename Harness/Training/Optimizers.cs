using Ablation.Harness.Networks;
using Ablation.Losses;
using Ablation.Losses.Heads;
using Ablation.Losses.Passes;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Harness.Training;

/// <summary>Builds the parameter groups and their optimisers.</summary>
internal static class Optimizers
{
    /// <summary>Parameters with one decay and one factor of the learning rate.</summary>
    internal sealed record Group(IReadOnlyList<Parameter> Parameters, double Decay, double RateFactor);

    /// <summary>
    /// Returns backbone, embedding layer and proxies; BN, PReLU and biases (one-dimensional) in separate groups, with decay as
    /// <see cref="DecayOptions.Norms"/>, <see cref="DecayOptions.BatchNorm"/> and <see cref="DecayOptions.Prelu"/> say.
    /// </summary>
    public static IReadOnlyList<Group> Groups(Backbone backbone, FaceLoss loss, TrainingOptions options)
    {
        var decay = options.Decay;
        var fc = backbone.EmbeddingLayer().Select(parameter => parameter.Handle).ToHashSet();
        var batchNorm = Handles(backbone, module => module is BatchNorm1d or BatchNorm2d or BatchNorm3d);
        var prelu = Handles(backbone, module => module is PReLU);
        var groups = new List<Group>();
        Add(backbone.parameters().Where(parameter => !fc.Contains(parameter.Handle)), decay.Backbone, 1);
        Add(backbone.parameters().Where(parameter => fc.Contains(parameter.Handle)), decay.Fc, 1);
        Add(loss.parameters(), decay.Proxies, options.ProxyRateFactor);
        return groups;

        void Add(IEnumerable<Parameter> parameters, double groupDecay, double rateFactor)
        {
            foreach (var part in parameters.Where(parameter => parameter.requires_grad)
                .ToLookup(parameter => (IsMatrix: parameter.dim() > 1, Decays: DecaysByKind(parameter))))
                groups.Add(new Group([.. part], part.Key.IsMatrix || part.Key.Decays ? groupDecay : 0, rateFactor));
        }

        bool DecaysByKind(Parameter parameter) => (batchNorm.Contains(parameter.Handle) ? decay.BatchNorm
            : prelu.Contains(parameter.Handle) ? decay.Prelu : null) ?? decay.Norms;
    }

    private static HashSet<nint> Handles(Backbone backbone, Func<nn.Module, bool> isMeant) =>
        [.. backbone.modules().Where(isMeant).SelectMany(module => module.parameters(recurse: false)).Select(one => one.Handle)];

    /// <summary>Returns the groups without the proxies, for which <see cref="ForProxies"/> makes a separate optimiser.</summary>
    public static IReadOnlyList<Group> WithoutProxies(IReadOnlyList<Group> groups, FaceLoss loss) =>
        [.. groups.Select(group =>
            group with { Parameters = [.. group.Parameters.Where(parameter => parameter.Handle != loss.proxies.Handle)] })
            .Where(group => group.Parameters.Count > 0)];

    /// <summary>Builds the separate optimiser of the proxies, which takes a sparse gradient; null with AdamW.</summary>
    public static ProxySgd? ForProxies(FaceLoss loss, TrainingOptions options)
    {
        if (options.Optimizer != OptimizerKind.Sgd) return null;
        var head = options.Head;
        var lazy = head.PartialRate < 1 ? head.Unsampled == Unsampled.Frozen : head.SparseUpdate == SparseUpdate.Lazy;
        return new ProxySgd(loss.Gradient, new SgdRule(options.Momentum, IsNesterov(options), options.Decay.Proxies), lazy);
    }

    /// <summary>Builds torch's AdamW over the groups.</summary>
    public static AdamW AdamW(IReadOnlyList<Group> groups, TrainingOptions options) => optim.AdamW(
        groups.Select(group => new AdamW.ParamGroup(group.Parameters, options.LearningRate, weight_decay: group.Decay)),
            options.LearningRate);

    /// <summary>Returns whether there is momentum and it is Nesterov's.</summary>
    public static bool IsNesterov(TrainingOptions options) => options.Nesterov && options.Momentum > 0;
}
