namespace Ablation.Harness.Images;

/// <summary>A decoded picture: rows from the top, interleaved R, G, B, one byte each, <c>Height * Width * 3</c> bytes.</summary>
public sealed record FaceImage(int Width, int Height, byte[] Rgb)
{
    /// <summary>Whether it was a JPEG without its end marker; all pixels were there.</summary>
    public bool LacksEnd { get; init; }
}

/// <summary>A picture and the identity it shows, as a class 0 .. Identities-1.</summary>
public readonly record struct LabelledFace(FaceImage Image, int Identity);
