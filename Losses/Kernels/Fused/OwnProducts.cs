using static TorchSharp.torch;

namespace Ablation.Losses.Kernels.Fused;

/// <summary>
/// The products of the samples with their own proxies, in float64. They are few, and the slope of a margin needs 1 - c^2: near c = 1
/// nothing but the rounding of c would be left of it in float32.
/// </summary>
internal sealed unsafe class OwnProducts
{
    private readonly double[] values;

    public OwnProducts(HeadProblem problem, ClassWalk walk, float* bias = null)
    {
        values = new double[walk.Batch];
        var rows = ClassWalk.Pointer(problem.Rows);
        var labels = problem.Labels.data<long>().ToArray();
        for (var sample = 0; sample < walk.Batch; sample++)
        {
            var row = rows + (long)sample * walk.Dimension;
            var proxy = walk.Proxy((int)labels[sample]);
            var product = Panels.PreciseDot(row, proxy, walk.Dimension);
            values[sample] = problem.Normalised
                ? Math.Clamp(product / Norm(row) / Norm(proxy), -1, 1)
                : product + (bias == null ? 0 : bias[labels[sample]]);
        }

        walk.KeepAlive();
        GC.KeepAlive(problem);

        double Norm(float* vector)
        {
            var norm = Math.Sqrt(Panels.PreciseDot(vector, vector, walk.Dimension));
            return norm < HeadProblem.SmallestNorm ? HeadProblem.SmallestNorm : norm; // NaN stays NaN
        }
    }

    public double this[int sample] => values[sample];

    /// <summary>B, float64.</summary>
    public Tensor ToTensor() => tensor(values);
}
