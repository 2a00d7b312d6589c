using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Losses.Heads;

/// <summary>
/// The pairwise family: every identity answers by itself whether the sample is its own. The loss of a sample is
/// <c>own(c_y) + weight * sum over j != y of term(c_j)</c>; no identity competes with another, so nothing is normalised over them.
/// </summary>
public sealed record SumForm : HeadForm
{
    /// <summary>What each other identity adds.</summary>
    public required SumTerm Term { get; init; }

    /// <summary>The own identity's part, elementwise: from the cosines with the own proxies to values of the same shape.</summary>
    public required Func<Tensor, Tensor> Own { get; init; }

    /// <summary>Factor of the sum over the others.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>A trained number that is added to the argument of every term, 1; null where there is none.</summary>
    public Parameter? Shift { get; init; }

    /// <summary>The loss of each sample, B, from the sum over the others and the own cosine, B each.</summary>
    internal Tensor Loss(Tensor others, Tensor own) => Own(own) + (Weight == 1 ? others : others * Weight);

    /// <summary>The loss of each sample, B, from all cosines, B x C, under autograd.</summary>
    /// <param name="column">The labels, B x 1.</param>
    internal Tensor Loss(Tensor cosines, Tensor column, Tensor? shift)
    {
        var terms = Term.Value(cosines, shift);
        var others = terms.scatter(1, column, zeros_like(column, terms.dtype)).sum(1);
        return Loss(others, cosines.gather(1, column).squeeze(1));
    }
}
