using Ablation.Losses;

namespace Ablation.Tests.Losses;

/// <summary>What a loss knows of a sample: its cosines with all proxies, and the norm of its embedding.</summary>
public sealed record FormSample(double[] Cosines, double Norm);

/// <summary>
/// The equations of the losses whose target depends on norm, draws or other identities; see <see cref="LossOracle"/>. What takes no
/// gradient is computed from a sample of its own, so that finite differences can hold it.
/// </summary>
public static class FormOracle
{
    /// <param name="held">What takes no gradient comes from it; null for the sample itself.</param>
    public static double Sample(LossOptions options, FormSample sample, int target, int position = 0, FormSample? held = null)
    {
        held ??= sample;
        var (own, theta) = (sample.Cosines[target], Angle(sample.Cosines[target]));
        switch (options)
        {
            case AdaFaceOptions o:
                return Loss(o.Scale, AdaFaceTarget(o, own, held, target), c => c);
            case MagFaceOptions o:
                {
                    var m = o.MarginMinimum + (o.MarginMaximum - o.MarginMinimum)
                        * (Math.Clamp(sample.Norm, o.NormMinimum, o.NormMaximum) - o.NormMinimum) / (o.NormMaximum - o.NormMinimum);
                    var moved = o.EasyMargin ? own > 0 ? Math.Cos(theta + m) : own
                        : theta + m < Math.PI ? Math.Cos(theta + m) : own - m * Math.Sin(m);
                    return Loss(o.Scale, moved, c => c) + NormTerm(o, sample.Norm);
                }

            case MvSoftmaxOptions o:
                {
                    var moved = o.Margin == MvMargin.Am ? own - o.MarginSize : Math.Cos(theta + o.MarginSize);
                    return Loss(o.Scale, o.EasyMargin && own <= 0 ? own : moved,
                        c => c > moved ? (1 + o.HardWeight) * c + o.HardWeight : c);
                }

            case CircleOptions o:
                return LossOracle.CrossEntropy(sample.Cosines.Select((c, j) => o.Scale * (j == target
                    ? Math.Max(0, 1 + o.Margin - held.Cosines[j]) * (c - 1 + o.Margin)
                    : Math.Max(0, held.Cosines[j] + o.Margin) * (c - o.Margin))).ToArray(), target);
            case ElasticFaceOptions o:
                {
                    var e = (o.MeanMargin ?? (o.Margin == ElasticMargin.Arc ? 0.5 : 0.35)) + o.Deviation * ElasticDraw(0, position);
                    return Loss(o.Scale, o.Margin == ElasticMargin.Arc ? Math.Cos(theta + e) : own - e, c => c);
                }

            case AdaCosOptions:
                return Loss((float)(Math.Sqrt(2) * Math.Log(sample.Cosines.Length - 1)), own, c => c); // held in float32
            case NpcFaceOptions o:
                {
                    var least = Math.Cos(Angle(held.Cosines[target]) + o.HardRadians);
                    var hard = held.Cosines.Where((c, j) => j != target && c > least).ToList();
                    var m = o.MarginRadians + o.MarginSlope * (hard.Count > 0 ? hard.Average() : 0);
                    return Loss(o.Scale, own > 0 ? Math.Cos(theta + m) : own,
                        c => c > Math.Cos(theta + o.HardRadians) ? o.HardFactor * c + o.HardOffset : c);
                }

            default:
                throw new NotSupportedException(options.ToString());
        }

        double Loss(double scale, double moved, Func<double, double> other) => LossOracle.CrossEntropy(
            sample.Cosines.Select((c, j) => scale * (j == target ? moved : other(c))).ToArray(), target);
    }

    public static double NormTerm(MagFaceOptions o, double norm)
    {
        var a = Math.Clamp(norm, o.NormMinimum, o.NormMaximum);
        return o.Regulariser * (a / (o.NormMaximum * o.NormMaximum) + 1 / a);
    }

    /// <summary>The standard normal draw of an image, in integers of 32 bits.</summary>
    public static double ElasticDraw(long seed, long image)
    {
        var key = unchecked((ulong)(seed ^ 0x456C6173746963) + 0x9E3779B97F4A7C15UL);
        key = unchecked((key ^ (key >> 30)) * 0xBF58476D1CE4E5B9UL);
        key = unchecked((key ^ (key >> 27)) * 0x94D049BB133111EBUL);
        key ^= key >> 31;
        var radius = Math.Sqrt(-2 * Math.Log(((Word(0) >> 8) + 1) / 16777216.0));
        return radius * Math.Cos(2 * Math.PI * (Word(1) >> 8) / 16777216.0);

        uint Word(uint part) => unchecked(Mix(Mix((uint)image + (uint)key + part * 0x9E3779B9) + (uint)(image >> 32) + (uint)(key >> 32)));

        static uint Mix(uint word)
        {
            word = unchecked((word ^ (word >> 16)) * 0x7FEB352D);
            word = unchecked((word ^ (word >> 15)) * 0x846CA68B);
            return word ^ (word >> 16);
        }
    }

    private static double AdaFaceTarget(AdaFaceOptions o, double own, FormSample held, int target)
    {
        var q = Math.Clamp(o.Concentration * (Math.Clamp(held.Norm, 0.001, 100) - o.StartMean) / (o.StartDeviation + 0.001), -1, 1);
        if (o.Variant == AdaFaceVariant.Paper)
            return Math.Cos(Math.Clamp(Angle(own) - o.Margin * q, 0.001, Math.PI - 0.001)) - o.Margin * (1 + q);
        var before = held.Cosines[target];
        return own + Math.Cos(Angle(before) - o.Margin * q) - o.Margin * (1 + q) - before;
    }

    private static double Angle(double cosine) => Math.Acos(Math.Clamp(cosine, -1, 1));
}
