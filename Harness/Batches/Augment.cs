using System.Buffers;
using System.Numerics;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;

namespace Ablation.Harness.Batches;

/// <summary>
/// Turns a stored picture into network input, with random changes. Flip, shift, zoom, aspect and resolution are one resampling, so that a
/// picture is blurred at most once. With everything off the result is that of evaluation.
/// </summary>
public static class Augment
{
    private static readonly ResampleKernel[] Kernels = Enum.GetValues<ResampleKernel>();

    /// <summary>
    /// The random numbers of one picture. All are always drawn, in this order, so that switching one change off leaves the others alone.
    /// </summary>
    private readonly record struct Draws(
        double Flip, double ShiftX, double ShiftY, double Zoom, double Aspect, double Brightness, double Contrast, double Grey,
        double DownUp, double DownUpSize, double Erase, double EraseX, double EraseY, double EraseWidth, double EraseHeight,
        double DownKernel, double UpKernel)
    {
        public static Draws From(RandomStream stream) => new(
            stream.NextUnit(), stream.NextSigned(), stream.NextSigned(), stream.NextSigned(), stream.NextSigned(), stream.NextSigned(),
            stream.NextSigned(), stream.NextUnit(), stream.NextUnit(), stream.NextUnit(), stream.NextUnit(), stream.NextUnit(),
            stream.NextUnit(), stream.NextUnit(), stream.NextUnit(), stream.NextUnit(), stream.NextUnit());
    }

    /// <summary>Writes the picture as network input, with random changes.</summary>
    /// <param name="image">As stored, any size.</param>
    /// <param name="options">Which changes, how strong.</param>
    /// <param name="resolution">Pixels of the network's input, p.</param>
    /// <param name="stream">Source of the draws; every call takes the same number.</param>
    /// <param name="planes">Takes 3 x p x p floats: R, G, B planes, (value - 127.5) / 127.5.</param>
    public static void Apply(FaceImage image, AugmentOptions options, int resolution, RandomStream stream, Span<float> planes)
    {
        var draws = Draws.From(stream);
        var zoom = PortableMath.Exp(options.CropScale * draws.Zoom);
        var aspect = PortableMath.Exp(options.AspectJitter * draws.Aspect);
        var width = image.Width / (zoom * aspect);
        var height = image.Height / zoom * aspect;
        var box = new CropBox(
            (image.Width - width) / 2 + draws.ShiftX * options.CropShiftPixels * image.Width / 112,
            (image.Height - height) / 2 + draws.ShiftY * options.CropShiftPixels * image.Height / 112,
            width, height);

        planes = planes[..(3 * resolution * resolution)];
        Resample.ToPlanes(image, box, resolution, draws.Flip < options.FlipProbability, planes);
        if (draws.DownUp < options.DownUpProbability)
        {
            var (down, up) = options.DownUpKernels == DownUpKernels.Random ? (Kernel(draws.DownKernel), Kernel(draws.UpKernel))
                : (ResampleKernel.Area, ResampleKernel.Bicubic);
            var low = options.DownUpMinPixels + (int)(draws.DownUpSize * (resolution - options.DownUpMinPixels));
            DownUp(planes, resolution, new(resolution, 0, resolution, low, down), new(low, 0, low, resolution, up));
        }

        if (draws.Grey < options.GreyProbability) Grey(planes);
        Light(planes, 1 + options.Contrast * draws.Contrast, 255 * options.Brightness * draws.Brightness);
        if (draws.Erase < options.EraseProbability) Erase(planes, resolution, draws);
        Normalise(planes);
    }

    /// <summary>Writes the picture as network input, unchanged: 3 x p x p floats as in <see cref="Apply"/>.</summary>
    public static void None(FaceImage image, int resolution, Span<float> planes)
    {
        planes = planes[..(3 * resolution * resolution)];
        Resample.ToPlanes(image, CropBox.Whole(image), resolution, mirrored: false, planes);
        Normalise(planes);
    }

    /// <summary>Whether <see cref="Apply"/> would mirror the picture of this stream.</summary>
    internal static bool Flips(AugmentOptions options, RandomStream stream) => Draws.From(stream).Flip < options.FlipProbability;

    private static ResampleKernel Kernel(double share) => Kernels[(int)(share * Kernels.Length)];

    private static void DownUp(Span<float> planes, int resolution, ResampleTaps down, ResampleTaps up)
    {
        var low = down.Outputs;
        var small = ArrayPool<float>.Shared.Rent(low * low);
        for (var channel = 0; channel < 3; channel++)
        {
            var plane = planes.Slice(channel * resolution * resolution, resolution * resolution);
            Resample.Plane(plane, down, down, small.AsSpan(0, low * low));
            Resample.Plane(small.AsSpan(0, low * low), up, up, plane);
        }

        ArrayPool<float>.Shared.Return(small);
        Resample.ToByteRange(planes);
    }

    private static void Grey(Span<float> planes)
    {
        var pixels = planes.Length / 3;
        for (var i = 0; i < pixels; i++)
        {
            // luma of ITU-R BT.601, as JPEG defines it
            var grey = 0.299f * planes[i] + 0.587f * planes[pixels + i] + 0.114f * planes[2 * pixels + i];
            planes[i] = planes[pixels + i] = planes[2 * pixels + i] = grey;
        }
    }

    private static void Light(Span<float> planes, double contrast, double brightness)
    {
        if (contrast == 1 && brightness == 0) return;
        var mean = RgbPlanes.Sum(planes) / planes.Length;
        var slope = (float)contrast;
        var offset = (float)(mean - contrast * mean + brightness);
        var i = 0;
        for (; i <= planes.Length - Vector<float>.Count; i += Vector<float>.Count)
            (new Vector<float>(planes[i..]) * slope + new Vector<float>(offset)).CopyTo(planes[i..]); // two roundings, as below
        for (; i < planes.Length; i++) planes[i] = planes[i] * slope + offset;
        Resample.ToByteRange(planes);
    }

    private static void Erase(Span<float> planes, int resolution, Draws draws)
    {
        var width = Math.Max(1, (int)(resolution * (0.1 + 0.3 * draws.EraseWidth)));
        var height = Math.Max(1, (int)(resolution * (0.1 + 0.3 * draws.EraseHeight)));
        var left = (int)(draws.EraseX * (resolution - width + 1));
        var top = (int)(draws.EraseY * (resolution - height + 1));
        for (var channel = 0; channel < 3; channel++)
        {
            for (var y = top; y < top + height; y++)
                planes.Slice((channel * resolution + y) * resolution + left, width).Fill(127.5f);
        }
    }

    private static void Normalise(Span<float> planes)
    {
        var i = 0;
        for (; i <= planes.Length - Vector<float>.Count; i += Vector<float>.Count)
            ((new Vector<float>(planes[i..]) - new Vector<float>(127.5f)) / new Vector<float>(127.5f)).CopyTo(planes[i..]);
        for (; i < planes.Length; i++) planes[i] = (planes[i] - 127.5f) / 127.5f;
    }
}
