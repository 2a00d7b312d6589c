using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ablation.Losses.Heads;
using Ablation.Losses.Options;
using static TorchSharp.torch;

namespace Ablation.Losses;

/// <summary>
/// NPT, nearest proxies triplet (Khalid et al., arXiv 2103.03503): with embeddings and proxies on a sphere of radius r and
/// d(a,b) = 2 r^2 (1 - cos(a,b)),
/// <c>L_i = sum over the k nearest proxies of other identities of max(0, d(x_i,w_y) - d(x_i,w_j) + Delta)</c>.
/// Nearest to the sample's embedding; a sum over k; the mean over the batch.
/// </summary>
[Category("hinge")]
[Description("nearest proxies triplet: hinge on the k nearest proxies of other identities")]
public sealed record NptOptions : LossOptions
{
    [Description("""number k of nearest negative proxies: 1 .. C-1, or "all" """)]
    public NegativeCount K { get; init; } = 1;

    [Description("margin on cosines, Delta / (2 r^2); 0.5 is the paper's Delta = r^2")]
    [Range(0.0, 4.0)]
    public double CosineMargin { get; init; } = 0.5;

    [Description("margin on squared distances; given instead of cosineMargin")]
    [Range(0.0, 1e6)]
    [InsteadOf(nameof(CosineMargin), "the margin")]
    public double? Delta { get; init; }

    [Description("radius r of the sphere; scales the loss by r^2")]
    [Range(0.0, 1000.0, MinimumIsExclusive = true)]
    public double Radius { get; init; } = 1;

    /// <summary>Delta / (2 r^2), however the margin was given.</summary>
    internal double MarginOnCosines => Delta is { } delta ? delta / (2 * Radius * Radius) : CosineMargin;

    protected override IEnumerable<string> OwnProblems(LossShape shape)
    {
        if (K.Value < 1) yield return $"k = {K}; must be at least 1";
        if (K != NegativeCount.All && K.Value >= shape.Classes)
            yield return $"""k = {K} with {shape.Classes} identities; must be in [1, {shape.Classes - 1}], or "all" """.TrimEnd();
        if (Delta is not null && CosineMargin != new NptOptions().CosineMargin)
            yield return "delta and cosineMargin are two names of one margin; give one of them";
    }

    protected override FaceLoss Create(LossShape shape) => new NptLoss(this, shape);
}

internal sealed class NptLoss : FaceLoss
{
    private readonly NptOptions options;
    private readonly int negatives;

    public NptLoss(NptOptions options, LossShape shape) : base(options, shape)
    {
        this.options = options;
        negatives = Math.Min(options.K.Value, shape.Classes - 1);
        RegisterComponents();
    }

    protected internal override HeadForm Form => new HingeForm(options.K, options.MarginOnCosines, 2 * options.Radius * options.Radius);

    protected override Tensor Compute(Tensor embeddings, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var cosines = Cosines(embeddings);   // B x C
        var column = labels.unsqueeze(1);    // B x 1
        var own = cosines.gather(1, column); // B x 1
        var hinges = (cosines - own + options.MarginOnCosines).relu(); // relu's derivative at 0 is 0
        var met = where(Nearest(cosines, column), hinges, zeros_like(hinges));
        var nan = cosines.detach().sum() * 0; // NaN passes the comparisons above unseen, and would become a loss of 0
        return (met.sum(1).mean() + nan).mul(2 * options.Radius * options.Radius).MoveToOuterDisposeScope();
    }

    /// <summary>Marks the k identities other than the target with the largest cosines, B x C; of equal ones the lowest indices.</summary>
    private Tensor Nearest(Tensor cosines, Tensor column)
    {
        using var grad = no_grad();
        // minus infinity, not 0: a 0 would itself be a negative where few others have a positive cosine
        var others = cosines.detach().scatter(1, column, full_like(column, double.NegativeInfinity, cosines.dtype));
        var (largest, _) = others.topk(negatives, 1);            // B x k; which of equal values it takes is not defined
        var last = largest.narrow(1, negatives - 1, 1);          // B x 1, the k-th value
        var above = others > last;
        var vacant = negatives - above.sum(1, keepdim: true);    // B x 1, places left for values equal to the k-th
        var ties = others == last;
        return above.logical_or(ties.logical_and(ties.cumsum(1) <= vacant));
    }
}
