using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ablation.Losses.Options;

namespace Ablation.Harness.Training;

/// <summary>The decay of the learning rate from its base; one record per shape, found by reflection.</summary>
[ChosenByType(Place = 5)]
public abstract record ScheduleOptions
{
    /// <summary>Returns the current share of the base rate, 0 .. 1.</summary>
    /// <param name="epoch">Epochs done, whole or with a fraction, 0 .. <paramref name="epochs"/>.</param>
    /// <param name="epochs">Epochs of the whole training.</param>
    public abstract double ShareOfBase(double epoch, double epochs);

    /// <summary>Returns the same shape for a training <paramref name="share"/> times as long; scales its epochs.</summary>
    /// <param name="share">Above 0.</param>
    public virtual ScheduleOptions Over(double share) => this;
}

/// <summary>Falls by a factor at given epochs.</summary>
[Description("falls by a factor at given epochs")]
public sealed record StepOptions : ScheduleOptions
{
    [Description("epochs after which the rate falls")]
    [Rising]
    public required IReadOnlyList<double> At { get; init; }

    [Description("factor of each fall")]
    [Range(0.0, 1.0)]
    public double Factor { get; init; } = 0.1;

    public override double ShareOfBase(double epoch, double epochs) => Math.Pow(Factor, At.Count(at => epoch >= at));

    /// <inheritdoc/>
    public override ScheduleOptions Over(double share) => this with { At = [.. At.Select(at => at * share)] };
}

/// <summary>Half a cosine from the base to a floor.</summary>
[Description("half a cosine from the base to a floor")]
public sealed record CosineOptions : ScheduleOptions
{
    [Description("share of the base rate at the end")]
    [Range(0.0, 1.0)]
    public double Floor { get; init; }

    public override double ShareOfBase(double epoch, double epochs) =>
        Floor + (1 - Floor) * 0.5 * (1 + Math.Cos(Math.PI * epoch / epochs));
}

/// <summary>(1 - t)^power, t the share of the training done.</summary>
[Description("(1 - t)^power, t the share of the training done")]
public sealed record PolynomialOptions : ScheduleOptions
{
    [Description("exponent; 1 is linear, 2 is common in the field")]
    [Range(0.0, 10.0, MinimumIsExclusive = true)]
    public double Power { get; init; } = 2;

    public override double ShareOfBase(double epoch, double epochs) => Math.Pow(Math.Max(0, 1 - epoch / epochs), Power);
}
