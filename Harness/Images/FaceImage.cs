using Ablation.Harness.Foundations;

namespace Ablation.Harness.Images;

/// <summary>A decoded picture: rows from the top, interleaved R, G, B, one byte each, <c>Height * Width * 3</c> bytes.</summary>
public sealed record FaceImage(int Width, int Height, byte[] Rgb)
{
    /// <summary>The largest picture that is read, so that a damaged header cannot ask for gigabytes.</summary>
    public const int MaximumPixels = 1 << 26;

    /// <summary>Whether it was a JPEG without its end marker; all pixels were there.</summary>
    public bool LacksEnd { get; init; }

    /// <summary>Refuses a size that is empty or beyond <see cref="MaximumPixels"/>, before anything is allocated for it.</summary>
    /// <exception cref="DataProblem">It is.</exception>
    internal static void CheckSize(long width, long height, string where)
    {
        if (width < 1 || height < 1 || width > MaximumPixels || height > MaximumPixels || width * height > MaximumPixels)
        {
            throw new DataProblem(where, $"the image claims {width} x {height} pixels",
                $"1 to {MaximumPixels} pixels are read: write or download it again");
        }
    }
}

/// <summary>A picture and the identity it shows, as a class 0 .. Identities-1.</summary>
public readonly record struct LabelledFace(FaceImage Image, int Identity);
