using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Losses.Heads;

/// <summary>
/// The part of a loss from which a kernel computes it without the B x C matrix: how the other identities are reduced to one value per
/// sample, and what the loss makes of that value and of the cosine with the own proxy.
/// </summary>
public abstract record HeadForm;

/// <summary>
/// The logits of the softmax family, stated once: <c>z_y = s t(c_y)</c> for the target, <c>z_j = s o(c_j)</c> for the others. The loss of
/// a sample is <c>log sum exp(z) - z_y</c>. The straight formulation, the kernels and the measured logits are derived from it.
/// </summary>
public sealed record SoftmaxForm : HeadForm
{
    /// <summary>Whether products are cosines; else they are x.w.</summary>
    public bool Normalised { get; init; } = true;

    /// <summary>s, the factor of the products.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Whether s is the norm of the embedding, in place of <see cref="Scale"/>.</summary>
    public bool ScaledByNorm { get; init; }

    /// <summary>
    /// K: proxies per identity, of which the nearest counts. They lie in memory as K times all identities; kernels of one proxy do not
    /// compute it, libtorch's do.
    /// </summary>
    public int Centers { get; init; } = 1;

    /// <summary>s on the device, 1, in place of <see cref="Scale"/>, for a loss that moves it; takes no gradient.</summary>
    public Tensor? MovingScale { get; init; }

    /// <summary>Added to the products, C.</summary>
    public Parameter? Bias { get; init; }

    /// <summary>t: replaces the products with the own proxies, elementwise; null to use them unchanged.</summary>
    public Func<Tensor, Tensor>? Target { get; init; }

    /// <summary>The same where it depends on more than the product; in place of <see cref="Target"/>.</summary>
    public Func<Tensor, SampleFacts, Tensor>? TargetGiven { get; init; }

    /// <summary>
    /// The logits of the other proxies, scale included. Null for the scaled products. Of these the fused kernels compute
    /// <see cref="PiecewiseLogits"/> alone. It needs cosines, and goes with no bias.
    /// </summary>
    public OtherLogits? Others { get; init; }

    /// <summary>A term of each sample's loss that depends on the norms of the embeddings alone, elementwise; null for none.</summary>
    public Func<Tensor, Tensor>? NormTerm { get; init; }

    /// <summary>Whether the sum includes the own identity, as in cross-entropy; Proxy-NCA leaves it out.</summary>
    public bool SumsOwn { get; init; } = true;

    /// <summary>
    /// The cosine whose logit is 0 in the straight formulation: 1 where logits are negative distances. It cancels from the loss, so the
    /// kernels and the measured logits do without it.
    /// </summary>
    public double ZeroCosine { get; init; }

    /// <summary>Factor of the whole loss.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>Called once per pass, without a graph; for a loss that follows its cosines or norms.</summary>
    public Action<PassFacts>? Watch { get; init; }

    /// <summary>Whether anything but the direction of an embedding matters.</summary>
    internal bool NeedsNorms => ScaledByNorm || TargetGiven is not null || NormTerm is not null;

    /// <summary>The logits of all identities, B x C, the own one among them whatever <see cref="SumsOwn"/> says.</summary>
    /// <param name="products">B x C.</param>
    /// <param name="column">The labels, B x 1.</param>
    /// <param name="norms">Of the embeddings, B x 1; null unless <see cref="NeedsNorms"/>.</param>
    internal Tensor Logits(Tensor products, Tensor column, Tensor? norms)
    {
        if (Target is null && TargetGiven is null && Others is null) return Scaled(products, norms);
        var own = products.gather(1, column);                                     // B x 1
        var target = TargetOf(own, norms, HardMean(products, own, column));
        return Others is null
            ? Scaled(products.scatter(1, column, target), norms)
            : Others.Of(products, own.detach()).scatter(1, column, Scaled(target, norms));
    }

    /// <summary>The mean loss of a batch from the logits of all identities.</summary>
    internal Tensor MeanLoss(Tensor logits, Tensor column, Tensor? norms)
    {
        var mean = SumsOwn
            ? nn.functional.cross_entropy(logits, column.squeeze(1))
            : (WithoutOwn(logits, column).logsumexp(1) - logits.gather(1, column).squeeze(1)).mean();
        return Weighted(NormTerm is null ? mean : mean + NormTerm(norms!).mean());
    }

    /// <summary>The loss of each sample, B, from what a kernel has reduced.</summary>
    /// <param name="others">log sum over j != y of exp(z_j), B.</param>
    /// <param name="own">Products with the own proxies, B.</param>
    /// <param name="norms">Of the embeddings, B; null unless <see cref="NeedsNorms"/>.</param>
    /// <param name="hardMean">Of the hard cosines, B; null unless <see cref="Others"/> averages them.</param>
    internal Tensor Loss(Tensor others, Tensor own, Tensor? norms, Tensor? hardMean)
    {
        var target = Scaled(TargetOf(own, norms, hardMean), norms);
        var loss = SumsOwn ? AboveTarget(others, target) : others - target;
        return Weighted(NormTerm is null ? loss : loss + NormTerm(norms!));
    }

    /// <summary>The factor of each sample's products, B; null where it is <see cref="Scale"/>.</summary>
    internal Tensor? RowScales(Tensor norms) =>
        ScaledByNorm ? norms.alias() : MovingScale?.to(norms.dtype).expand(norms.shape[0]).clone();

    /// <summary>The logits with minus infinity in place of the own ones.</summary>
    internal static Tensor WithoutOwn(Tensor logits, Tensor column) =>
        logits.scatter(1, column, full_like(column, double.NegativeInfinity, logits.dtype));

    /// <summary>
    /// Cross-entropy from the log sum over the other identities: log(e^others + e^target) - target, without a difference of large numbers,
    /// so that a learned sample keeps its small loss.
    /// </summary>
    private static Tensor AboveTarget(Tensor others, Tensor target)
    {
        var gap = others - target;
        return gap.logaddexp(zeros_like(gap));
    }

    private Tensor TargetOf(Tensor own, Tensor? norms, Tensor? hardMean) =>
        TargetGiven is not null ? TargetGiven(own, new SampleFacts(norms!, hardMean)) : Target is null ? own : Target(own);

    /// <summary>The mean of the hard cosines, B x 1; null unless it is needed.</summary>
    private Tensor? HardMean(Tensor products, Tensor own, Tensor column)
    {
        if (Others is not { AveragesHard: true }) return null;
        using var grad = no_grad();
        var others = products.detach().scatter(1, column, full_like(column, OtherLogits.NoCosine, products.dtype)) + Others.Shift;
        var (sum, count) = OtherLogits.HardSums(others, Others.Hard(others, own.detach())!);
        return Others.HardMean(sum, count).unsqueeze(1);
    }

    private Tensor Scaled(Tensor products, Tensor? norms) => ScaledByNorm ? products * norms!
        : MovingScale is not null ? products * MovingScale.to(products.dtype) : Scale == 1 ? products : products * Scale;

    private Tensor Weighted(Tensor loss) => Weight == 1 ? loss : loss * Weight;
}

/// <summary>The hinge family: <c>factor * sum over the k nearest j != y of max(0, c_j - c_y + margin)</c>.</summary>
/// <param name="Negatives">k; <see cref="NegativeCount.All"/> for all other identities.</param>
/// <param name="Margin">On cosines.</param>
/// <param name="Factor">2 r^2.</param>
public sealed record HingeForm(NegativeCount Negatives, double Margin, double Factor) : HeadForm;
