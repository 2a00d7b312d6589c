using Ablation.Losses.Kernels.Fused;
using static TorchSharp.torch;

namespace Ablation.Harness.Kernels;

/// <summary>Turns images of three planes into images whose channels lie side by side.</summary>
internal static class PlanesToPixels
{
    /// <summary>A tensor N x 3 x p x p, channels innermost in memory.</summary>
    /// <param name="planes">The first N x 3 x p x p values count: red, green and blue plane of each image.</param>
    public static unsafe Tensor Interleave(float[] planes, int images, int side)
    {
        var pixels = side * side;
        var host = empty([images, side, side, 3], ScalarType.Float32, CPU);
        var to = ClassWalk.Pointer(host);
        Blocks.Each(images, (_, image) =>
        {
            fixed (float* red = planes.AsSpan(image * 3 * pixels, 3 * pixels))
            {
                float* green = red + pixels, blue = green + pixels, at = to + (nint)image * 3 * pixels;
                for (var i = 0; i < pixels; i++, at += 3) (at[0], at[1], at[2]) = (red[i], green[i], blue[i]);
            }
        });
        return host.permute(0, 3, 1, 2);
    }
}
