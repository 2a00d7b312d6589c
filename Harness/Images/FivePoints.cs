using Ablation.Harness.Foundations;

namespace Ablation.Harness.Images;

/// <summary>
/// Aligns a face by five landmarks, as the field prepares faces for its networks: the similarity transform with the smallest sum of squared
/// distances between moved landmarks and template, then 112 x 112 pixels by bilinear interpolation, black outside of the picture.
/// </summary>
/// <remarks>
/// Template: Deng et al., "ArcFace", CVPR 2019. A pixel's centre has whole coordinates, as landmark detectors and OpenCV count them.
/// OpenCV's warp rounds positions to 1/32 of a pixel and this one does not, so single bytes may differ by a few grey levels at sharp edges.
/// </remarks>
public static class FivePoints
{
    /// <summary>Side of an aligned picture, in pixels.</summary>
    public const int Side = 112;

    /// <summary>Targets of left eye, right eye, nose, left and right corner of the mouth (as seen): x and y in pixels.</summary>
    public static readonly IReadOnlyList<double> Template = [38.2946, 51.6963, 73.5318, 51.5014, 56.0252, 71.7366, 41.5493, 92.3655,
        70.7299, 92.2041];

    /// <summary>Returns the aligned picture, <see cref="Side"/> squared.</summary>
    /// <param name="landmarks">x and y of the five landmarks, in pixels of <paramref name="image"/>.</param>
    /// <param name="where">Names the picture in an error.</param>
    /// <exception cref="DataProblem">The landmarks lie in one point or in mirrored order: no similarity fits them.</exception>
    public static FaceImage Align(FaceImage image, ReadOnlySpan<float> landmarks, string where)
    {
        Span<double> points = stackalloc double[landmarks.Length];
        for (var i = 0; i < points.Length; i++) points[i] = landmarks[i];
        var fit = Similarity.Fit(points, [.. Template])
            ?? throw new DataProblem(where, "its five landmarks lie in one point, or fit the template no better than one point does",
                "check its line in the file of landmarks");
        return Warp(image, fit.Inverse(), Side, Side);
    }

    /// <summary>
    /// Returns a picture whose pixel (x, y) is taken from <paramref name="back"/>(x, y) of <paramref name="image"/>, bilinear, black
    /// outside.
    /// </summary>
    public static FaceImage Warp(FaceImage image, Similarity back, int width, int height)
    {
        var rgb = new byte[width * height * 3];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var (fromX, fromY) = back.Apply(x, y);
                if (!(fromX > -1 && fromX < image.Width && fromY > -1 && fromY < image.Height)) continue;
                var (left, top) = ((int)Math.Floor(fromX), (int)Math.Floor(fromY));
                var (right, down) = (fromX - left, fromY - top);
                for (var channel = 0; channel < 3; channel++)
                {
                    var above = (1 - right) * At(image, left, top, channel) + right * At(image, left + 1, top, channel);
                    var below = (1 - right) * At(image, left, top + 1, channel) + right * At(image, left + 1, top + 1, channel);
                    rgb[3 * (y * width + x) + channel] = (byte)((1 - down) * above + down * below + 0.5);
                }
            }
        }

        return new FaceImage(width, height, rgb);
    }

    private static double At(FaceImage image, int x, int y, int channel) =>
        (uint)x < (uint)image.Width && (uint)y < (uint)image.Height ? image.Rgb[3 * (y * image.Width + x) + channel] : 0;
}
