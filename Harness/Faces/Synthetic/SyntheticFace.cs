using System.Buffers;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;

namespace Ablation.Harness.Faces.Synthetic;

/// <summary>Paints synthetic pictures; the same numbers give the same bytes on every platform and thread.</summary>
/// <remarks>This folder uses only + - * / and sqrt on IEEE 754 numbers, and integers.</remarks>
public static class SyntheticFace
{
    /// <summary>The first identity of tests; training uses those below.</summary>
    public const long FirstTestIdentity = 1L << 32;

    /// <param name="seed">The family of people.</param>
    /// <param name="identity">The person; training and test draw from different ranges.</param>
    /// <param name="image">Which picture of the person.</param>
    /// <param name="difficulty">0 (plain portraits of unlike people) .. 1 (strong nuisance, people much alike).</param>
    /// <param name="resolution">Pixels per side.</param>
    public static FaceImage Paint(long seed, long identity, long image, double difficulty, int resolution)
    {
        var face = FaceFactors.Draw(seed, identity, strength: 1.3 - 0.6 * difficulty);
        var scene = SceneFactors.Draw(seed, identity, image, strength: 0.1 + 1.8 * difficulty, face.GlassesHabit);
        var size = resolution * resolution * 3;
        var pixels = ArrayPool<float>.Shared.Rent(size);
        new FacePainter(face, scene, resolution).Paint(pixels.AsSpan(0, size));
        var noise = new RandomStream(seed, StreamPurpose.SyntheticTexture, identity, image);
        var picture = Camera.Shoot(pixels.AsSpan(0, size), resolution, scene, noise);
        ArrayPool<float>.Shared.Return(pixels);
        return picture;
    }
}
