using Ablation.Losses;
using Ablation.Losses.Heads;
using Ablation.Tests.Doctor;

namespace Ablation.Tests.Losses;

/// <summary>
/// The papers' equations, one sample at a time, in doubles, without tensors: a slow and plain reference.
/// It uses the angle where the library uses the cosine, so that the two share no shortcut.
/// </summary>
public static class LossOracle
{
    /// <summary>Returns the loss of one sample. Only the plain softmax uses <paramref name="bias"/>.</summary>
    /// <param name="position">Of the sample since the start, for a loss that draws.</param>
    public static double Sample(LossOptions options, double[] x, double[][] proxies, double[] bias, int target, int position = 0)
    {
        var cosines = proxies.Select(proxy => Cosine(x, proxy)).ToArray();
        var theta = Math.Acos(Math.Clamp(cosines[target], -1, 1));
        var norm = Math.Sqrt(x.Sum(v => v * v));
        switch (options)
        {
            case SoftmaxOptions:
                return CrossEntropy(proxies.Select((proxy, j) => Dot(x, proxy) + bias[j]).ToArray(), target);
            case NormalisedSoftmaxOptions o:
                return Margin(cosines, target, o.Scale, Math.Cos(theta));
            case CosFaceOptions o:
                return Margin(cosines, target, o.Scale, Math.Cos(theta) - o.CosineMargin);
            case ArcFaceOptions o:
                return Margin(cosines, target, o.Scale, ArcFaceTarget(o, theta));
            case CurricularFaceOptions o: // t = 0 in the first step
                return Margin(cosines.Select(c => c > Math.Cos(theta + o.MarginRadians) ? c * c : c).ToArray(), target, o.Scale,
                    theta + o.MarginRadians < Math.PI
                        ? Math.Cos(theta + o.MarginRadians) : Math.Cos(theta) - o.MarginRadians * Math.Sin(o.MarginRadians));
            case SphereFaceOptions o:
                {
                    var lambda = Math.Max(o.LambdaMinimum, o.LambdaBase * Math.Pow(1 + o.LambdaGamma * 1, -o.LambdaPower)); // first step
                    return Margin(cosines, target, norm, (Psi(theta, o.Margin) + lambda * Math.Cos(theta)) / (1 + lambda));
                }

            case SphereFaceROptions o:
                return (o.LossWeight ?? o.Scale) / o.Scale * CrossEntropy(SphereFaceRLogits(o, cosines, target), target);
            case CombinedMarginOptions o:
                return Margin(cosines, target, o.Scale,
                    Math.Cos(Math.Min(o.AngleFactor * theta + o.MarginRadians, Math.PI)) - o.CosineMargin);
            case NptOptions o:
                {
                    var delta = o.Delta ?? o.CosineMargin * 2 * o.Radius * o.Radius;
                    var k = o.K == NegativeCount.All ? proxies.Length - 1 : o.K.Value;
                    return Hinges(Distances(cosines, o.Radius), target, delta, k);
                }

            case ProxyTripletOptions o:
                return Hinges(Distances(cosines, o.Radius), target, o.CosineMargin * 2 * o.Radius * o.Radius, proxies.Length - 1);
            case ProxyNcaOptions o:
                {
                    var d = Distances(cosines, o.Radius);
                    return -Math.Log(Math.Exp(-d[target]) / d.Where((_, j) => j != target).Sum(v => Math.Exp(-v)));
                }

            case UniFaceOptions or SphereFace2Options or P2SGradOptions:
                return PairwiseOracle.Sample(options, cosines, bias, target);
            case SubCenterArcFaceOptions o: // K times all identities
                {
                    var nearest = cosines.Chunk(cosines.Length / o.Centers).Aggregate((a, b) => [.. a.Zip(b, Math.Max)]);
                    var own = Math.Cos(Math.Min(o.AngleFactor * Math.Acos(nearest[target]) + o.MarginRadians, Math.PI)) - o.CosineMargin;
                    return Margin(nearest, target, o.Scale, own);
                }

            case UniTsFaceOptions o: // in the first epoch
                return Margin(cosines, target, o.Scale, Math.Cos(theta) - o.CosineMargin);
            case AdaFaceOptions or MagFaceOptions or MvSoftmaxOptions or CircleOptions or ElasticFaceOptions or AdaCosOptions
                or NpcFaceOptions:
                return FormOracle.Sample(options, new FormSample(cosines, norm), target, position);
            case PlantedOptions: // CosFace
                return Margin(cosines, target, 16, Math.Cos(theta) - 0.35);
            default:
                throw new NotSupportedException($"no oracle for {options.GetType().Name}: write one here");
        }
    }

    /// <summary>The logits of SphereFace-R, from the angles.</summary>
    public static double[] SphereFaceRLogits(SphereFaceROptions o, double[] cosines, int target)
    {
        var theta = cosines.Select(c => Math.Acos(Math.Clamp(c, -1, 1))).ToArray();
        var own = o.Version switch
        {
            SphereFaceRVersion.V0 => Psi(theta[target], o.Margin),
            SphereFaceRVersion.V1 => Math.Cos(Math.Min(o.Margin * theta[target], Math.PI)),
            _ => cosines[target],
        };
        var divisor = o.Version == SphereFaceRVersion.V2 ? o.Margin : 1;
        return theta.Select((angle, j) => o.Scale * (j == target ? own : Math.Cos(angle / divisor))).ToArray();
    }

    private static double ArcFaceTarget(ArcFaceOptions o, double theta) => o.Overflow switch
    {
        MarginOverflow.None => Math.Cos(theta + o.MarginRadians),
        MarginOverflow.Easy => Math.Cos(theta) > 0 ? Math.Cos(theta + o.MarginRadians) : Math.Cos(theta),
        _ when theta + o.MarginRadians < Math.PI => Math.Cos(theta + o.MarginRadians),
        MarginOverflow.Clamp => -1,
        _ => Math.Cos(theta) - o.MarginRadians * Math.Sin(o.MarginRadians),
    };

    private static double Psi(double theta, double m)
    {
        var k = 0;
        while (m * theta > (k + 1) * Math.PI) k++;
        return (k % 2 == 0 ? 1 : -1) * Math.Cos(m * theta) - 2 * k;
    }

    private static double[] Distances(double[] cosines, double radius) => cosines.Select(c => 2 * radius * radius * (1 - c)).ToArray();

    private static double Hinges(double[] distances, int target, double delta, int k) =>
        distances.Where((_, j) => j != target).Order().Take(k).Sum(d => Math.Max(0, distances[target] - d + delta));

    private static double Margin(double[] cosines, int target, double scale, double targetCosine) =>
        CrossEntropy(cosines.Select((c, j) => scale * (j == target ? targetCosine : c)).ToArray(), target);

    internal static double CrossEntropy(double[] logits, int target) => Math.Log(logits.Sum(Math.Exp)) - logits[target];

    private static double Dot(double[] a, double[] b) => a.Zip(b, (u, v) => u * v).Sum();

    public static double Cosine(double[] a, double[] b) => Dot(a, b) / Math.Sqrt(Dot(a, a) * Dot(b, b));
}
