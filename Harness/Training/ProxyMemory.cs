namespace Ablation.Harness.Training;

/// <summary>
/// Sets the proxies' rate by how long they remember. Where a loss takes cosines, the length of a proxy does not matter, and SGD with
/// decay lets its direction forget a step after tau = (1 - momentum) / (rate x factor x decay) steps, whatever the gradient's size:
/// docs/theory.md measures it. The rule takes the factor that makes tau so many epochs at the base rate; a schedule that falls lengthens
/// it towards the end.
/// </summary>
public static class ProxyMemory
{
    private const double LargestFactor = 1000; // as for proxyRateFactor

    /// <summary>Returns the options with <see cref="TrainingOptions.ProxyRateFactor"/> in place of the rule; the same ones without
    /// it.</summary>
    /// <param name="microBatches">Per epoch.</param>
    public static TrainingOptions Resolve(TrainingOptions training, int microBatches) => training.ProxyMemoryEpochs is { } epochs
        ? training with { ProxyRateFactor = Factor(training, epochs, microBatches), ProxyMemoryEpochs = null } : training;

    /// <summary>Returns what contradicts the rule in the options; null if nothing does, or there is no rule.</summary>
    public static string? Problem(TrainingOptions training) => training switch
    {
        { ProxyMemoryEpochs: null } => null,
        { ProxyRateFactor: not 1 } => "proxyMemoryEpochs and proxyRateFactor both set the proxies' rate; give one of them",
        { Optimizer: not OptimizerKind.Sgd } => "proxyMemoryEpochs holds for sgd alone; give proxyRateFactor",
        { Decay.Proxies: 0 } =>
            "proxyMemoryEpochs with decay.proxies 0: without decay nothing is forgotten; raise it, or give proxyRateFactor",
        _ => null,
    };

    /// <summary>The same for a number of images; null where they fill no batch, which <see cref="TrainingSteps"/> says.</summary>
    public static string? Problem(TrainingOptions training, int images)
    {
        if (training.ProxyMemoryEpochs is not { } epochs || Problem(training) is not null) return null;
        var microBatches = TrainingSteps.MicroBatches(training, images);
        if (microBatches == 0) return null;
        var factor = Factor(training, epochs, microBatches);
        return factor <= LargestFactor ? null : $"proxyMemoryEpochs {epochs} would need {factor:0} times the rate for the proxies, above " +
            $"{LargestFactor}; raise it, or decay.proxies";
    }

    private static double Factor(TrainingOptions training, double epochs, int microBatches) => (1 - training.Momentum)
        / (training.LearningRate * training.Decay.Proxies * epochs * TrainingSteps.PerEpoch(training, microBatches));
}
