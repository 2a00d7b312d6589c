using Ablation.Losses;

namespace Ablation.Tests.Losses;

/// <summary>The equations of the losses in which each identity, or each proxy, decides alone, in doubles and by the angle.</summary>
public static class PairwiseOracle
{
    /// <summary>Returns the loss of one sample.</summary>
    /// <param name="cosines">With every proxy.</param>
    /// <param name="bias">The loss's parameter of that name.</param>
    public static double Sample(LossOptions options, double[] cosines, double[] bias, int target)
    {
        var others = cosines.Where((_, j) => j != target).ToArray();
        var theta = Math.Acos(Math.Clamp(cosines[target], -1, 1));
        switch (options)
        {
            case P2SGradOptions:
                return Math.Pow(cosines[target] - 1, 2) + others.Sum(c => c * c);
            case UniFaceOptions o: // b of the paper is minus the bias
                return Logistic(-(o.Scale * (Math.Cos(theta) - o.CosineMargin) + bias[0])) +
                    o.NegativeWeight * others.Sum(c => Logistic(o.Scale * c + bias[0]));
            case SphereFace2Options o:
                {
                    var own = o.MarginType switch
                    {
                        SphereFace2Type.C => Bent(theta, o.Curve) - o.Margin,
                        SphereFace2Type.A => Bent(Math.Min(theta + o.Margin, Math.PI), o.Curve),
                        _ => Bent(Math.Min(theta * o.Margin, Math.PI), o.Curve),
                    };
                    var margin = o.MarginType == SphereFace2Type.C ? o.Margin : 0;
                    var sum = others.Sum(c => Logistic(o.Scale * (Bent(Math.Acos(Math.Clamp(c, -1, 1)), o.Curve) + margin) + bias[0]));
                    return o.LossWeight / o.Scale *
                        (o.PositiveShare * Logistic(-(o.Scale * own + bias[0])) + (1 - o.PositiveShare) * sum);
                }

            default:
                throw new NotSupportedException($"no oracle for {options.GetType().Name}: write one here");
        }
    }

    /// <summary>Proxy-Anchor, proxy by proxy.</summary>
    /// <param name="cosines">B x C.</param>
    public static double Anchors(ProxyAnchorOptions options, double[][] cosines, long[] labels)
    {
        var (positives, negatives) = (new List<double>(), new List<double>());
        for (var proxy = 0; proxy < cosines[0].Length; proxy++)
        {
            double own = 0, others = 0;
            for (var sample = 0; sample < cosines.Length; sample++)
            {
                var c = cosines[sample][proxy];
                if (labels[sample] == proxy) own += Math.Exp(-options.Scale * (c - options.CosineMargin));
                else others += Math.Exp(options.Scale * (c + options.CosineMargin));
            }

            if (labels.Contains(proxy)) positives.Add(Math.Log(1 + own));
            negatives.Add(Math.Log(1 + others));
        }

        return positives.Average() + negatives.Average();
    }

    private static double Bent(double theta, double curve) => 2 * Math.Pow(Math.Cos(theta / 2) * Math.Cos(theta / 2), curve) - 1;

    private static double Logistic(double z) => z > 0 ? z + Math.Log(1 + Math.Exp(-z)) : Math.Log(1 + Math.Exp(z));
}
