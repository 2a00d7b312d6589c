using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ablation.Losses.Heads;
using Ablation.Losses.Options;
using static TorchSharp.torch;

namespace Ablation.Losses;

/// <summary>
/// How the proxies of a loss start; one record per distribution, found by reflection. Cosines do not depend on the length of a proxy, but
/// its first steps do: the shorter it is, the further a step turns it.
/// </summary>
[ChosenByType(Place = 6)]
public abstract record ProxyStartOptions
{
    /// <summary>Draws C x D values on the CPU, one row per identity.</summary>
    public abstract Tensor Draw(LossShape shape, Generator generator);
}

/// <summary>N(0, deviation^2).</summary>
[Description("normal distribution around 0")]
public sealed record NormalOptions : ProxyStartOptions
{
    [Description("standard deviation")]
    [Range(0.0, 10.0, MinimumIsExclusive = true)]
    public double Deviation { get; init; } = 0.01;

    public override Tensor Draw(LossShape shape, Generator generator) =>
        randn(shape.Classes, shape.Dimension, generator: generator).mul_(Deviation);
}

/// <summary>Uniform in [-b, b] with b = sqrt(6 / (C + D)) (Glorot and Bengio, AISTATS 2010, equation 16).</summary>
[Description("uniform within sqrt(6 / (C + D)) of 0: Glorot and Bengio's start")]
public sealed record XavierOptions : ProxyStartOptions
{
    public override Tensor Draw(LossShape shape, Generator generator)
    {
        var bound = Math.Sqrt(6.0 / ((double)shape.Classes + shape.Dimension));
        return rand(shape.Classes, shape.Dimension, generator: generator).mul_(2 * bound).sub_(bound);
    }
}
