using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Losses;

/// <summary>Where ElasticFace's margin is.</summary>
public enum ElasticMargin
{
    /// <summary>cos(theta_y + e).</summary>
    Arc,

    /// <summary>c_y - e.</summary>
    Cos,
}

/// <summary>How ElasticFace hands out the margins of a batch ("+").</summary>
public enum ElasticPlus
{
    /// <summary>As they are drawn.</summary>
    None,

    /// <summary>The largest margin to the smallest own cosine, as the paper says.</summary>
    Rank,

    /// <summary>As the published code does: it indexes the sorted margins by the order of the cosines, not by their ranks.</summary>
    Published,
}

/// <summary>
/// ElasticFace: a margin e drawn from a normal distribution for each image and step, on the angle or the cosine (Boutros et al., CVPR
/// Workshops 2022).
/// </summary>
[Category("cross-entropy")]
[Description("ArcFace or CosFace with a margin drawn anew for each image and step")]
public sealed record ElasticFaceOptions : LossOptions
{
    [Description("scale s of the cosines")]
    [Range(0.0, 1000.0, MinimumIsExclusive = true)]
    public double Scale { get; init; } = 64;

    [Description("where the margin is: arc (on the angle) or cos (on the cosine)")]
    public ElasticMargin Margin { get; init; } = ElasticMargin.Arc;

    [Description("mean of the margins, radians for arc, a cosine for cos; none is 0.5 for arc and 0.35 for cos")]
    [Range(0.0, 2.0)]
    public double? MeanMargin { get; init; }

    [Description("standard deviation of the margins")]
    [Range(0.0, 1.0)]
    public double Deviation { get; init; } = 0.05;

    [Description("assignment of the drawn margins: none, rank or published")]
    public ElasticPlus Plus { get; init; } = ElasticPlus.None;

    protected override FaceLoss Create(LossShape shape) => new ElasticFaceLoss(this, shape);
}

internal sealed class ElasticFaceLoss : SoftmaxFamilyLoss
{
    private const long Stream = 0x456C6173746963; // so that no other draw of the trial's seed is like these

    private readonly ElasticFaceOptions options;
    private readonly Tensor drawn, next; // images before this pass, and before the next; int64, on the device

    public ElasticFaceLoss(ElasticFaceOptions options, LossShape shape) : base(options, shape)
    {
        this.options = options;
        (drawn, next) = (zeros(1, ScalarType.Int64), zeros(1, ScalarType.Int64));
        RegisterComponents(); // registers them as buffers: a resumed training goes on in the stream
    }

    /// <summary>Not where the margins go by the rank among the samples of a pass.</summary>
    public override bool AveragesSamples => options.Plus == ElasticPlus.None;

    protected internal override SoftmaxForm Form => new()
    {
        Scale = options.Scale,
        Target = Target,
        Watch = training ? pass => get_buffer(nameof(next))!.add_(pass.Own.shape[0]) : null,
    };

    protected override void StartPass() => get_buffer(nameof(drawn))!.copy_(get_buffer(nameof(next))!);

    private Tensor Target(Tensor own)
    {
        var margins = Margins(own);
        return options.Margin == ElasticMargin.Arc ? Angles.Moved(own, margins) : own - margins;
    }

    /// <summary>
    /// The margins of this pass in the shape of <paramref name="own"/>: by seed and number of the image since the start, so cutting a
    /// step into micro-batches changes none of them. Outside a training, their mean.
    /// </summary>
    private Tensor Margins(Tensor own)
    {
        var mean = options.MeanMargin ?? (options.Margin == ElasticMargin.Arc ? 0.5 : 0.35);
        if (!training) return full_like(own, mean);
        var margins = new DrawStream(Seed ^ Stream).Normal(get_buffer(nameof(drawn))!, own.shape[0], own.dtype) * options.Deviation + mean;
        return Assigned(margins, own.detach().view(-1)).view_as(own);
    }

    private Tensor Assigned(Tensor margins, Tensor own)
    {
        if (options.Plus == ElasticPlus.None) return margins;
        var rising = margins.sort(0).Values;
        var order = own.sort(0, descending: true, stable: true).Indices; // the place of the largest cosine first
        return options.Plus == ElasticPlus.Rank ? margins.scatter(0, order, rising) : rising.index_select(0, order);
    }
}
