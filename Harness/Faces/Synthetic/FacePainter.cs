namespace Ablation.Harness.Faces.Synthetic;

/// <summary>
/// Paints a person in a scene, pixel by pixel: background, body, hair behind, ears, head, what covers it. The face is
/// painted on a rounded head that is turned, so that pose moves and narrows the features realistically.
/// </summary>
internal sealed class FacePainter(FaceFactors face, SceneFactors scene, int resolution)
{
    private const float Middle = 0.02f; // y of the head's widest line

    private readonly FaceFeatures features = new(face, scene, 2.6f / resolution);
    private readonly float soft = 2.6f / resolution; // an edge is this wide: 1.3 pixels

    /// <summary>Fills <paramref name="pixels"/>, interleaved RGB in 0 .. 1 (more where over-exposed).</summary>
    public void Paint(Span<float> pixels)
    {
        for (var row = 0; row < resolution; row++)
        {
            var y = (2 * row + 1) / (float)resolution - 1;
            for (var column = 0; column < resolution; column++)
            {
                var x = (2 * column + 1) / (float)resolution - 1;
                var colour = At(x, y) * scene.Cast;
                var at = (row * resolution + column) * 3;
                (pixels[at], pixels[at + 1], pixels[at + 2]) = (colour.R, colour.G, colour.B);
            }
        }
    }

    private Colour At(float x, float y)
    {
        if (scene.Covered)
        {
            var across = (x - scene.CoverX) * scene.CoverCos + (y - scene.CoverY) * scene.CoverSin;
            var covered = Soft.Edge(scene.CoverWidth - Math.Abs(across), soft);
            if (covered >= 1) return scene.Cover;
            if (covered > 0) return Person(x, y).Under(scene.Cover, covered);
        }

        return Person(x, y);
    }

    private Colour Person(float pictureX, float pictureY)
    {
        // half of what the turn moves the face by is taken back, as alignment does
        var dx = pictureX - scene.ShiftX + 0.32f * scene.SinYaw;
        var dy = pictureY - scene.ShiftY + 0.15f * scene.SinPitch;
        var x = (dx * scene.CosRoll + dy * scene.SinRoll) / scene.Scale;
        var y = (dy * scene.CosRoll - dx * scene.SinRoll) / scene.Scale;

        var hx = x / face.HeadWidth;
        var hy = (y - Middle) / (y < Middle ? face.HeadTop : face.HeadBottom);
        var r = Radius(hx, hy);
        var inside = Soft.Edge((1 - r) * 0.6f, soft);
        var colour = inside >= 1 ? default : Around(pictureX, pictureY, x, y, hx, r);
        return inside <= 0 ? colour : colour.Under(Head(hx, hy, r), inside);
    }

    /// <summary>1 on the head's outline: a mixture of pointed, round and square norms, so that every jaw is smooth.</summary>
    private float Radius(float hx, float hy)
    {
        var (sx, sy) = (hx * hx, hy * hy);
        var square = hy > 0 ? face.JawSquare : 0.3f;
        var pointed = hy > 0 ? face.JawPointed : 0.02f;
        return pointed * (Math.Abs(hx) + Math.Abs(hy)) + square * MathF.Sqrt(MathF.Sqrt(sx * sx + sy * sy)) + (1 - square - pointed)
            * MathF.Sqrt(sx + sy);
    }

    private Colour Head(float hx, float hy, float r)
    {
        var hz = MathF.Sqrt(Math.Max(0, 1 - r * r));
        // back-rotation of the seen point: yaw about the vertical, then pitch about the horizontal axis
        var turnedX = hx * scene.CosYaw - hz * scene.SinYaw;
        var depth = hx * scene.SinYaw + hz * scene.CosYaw;
        var turnedY = hy * scene.CosPitch - depth * scene.SinPitch;
        var v = Middle + turnedY * (turnedY < 0 ? face.HeadTop : face.HeadBottom);
        // a head is flatter in front than a ball: bend the normal towards the viewer
        var (nx, ny, nz) = (hx * 0.85f, hy * 0.8f, hz + 0.25f);
        return features.At(turnedX * face.HeadWidth, v, depth, nx, ny, nz);
    }

    /// <summary>Returns the colour beside the head.</summary>
    private Colour Around(float pictureX, float pictureY, float x, float y, float hx, float r)
    {
        var blend = Math.Clamp(0.5f + 0.35f * pictureY + 0.6f
            * Texture.At(scene.BackgroundX + pictureX * scene.BackgroundScale, scene.BackgroundY + pictureY * scene.BackgroundScale), 0f,
            1f);
        var colour = scene.BackgroundFar.Under(scene.BackgroundNear, blend);
        var light = scene.Ambient + scene.Lamp * 0.6f;

        var chin = Middle + face.HeadBottom;
        var shoulders = Soft.Edge(y - (chin + 0.02f + 0.35f * Math.Max(0, Math.Abs(x) - 0.30f)), soft);
        if (shoulders > 0) colour = colour.Under(scene.Clothes * light, shoulders);
        var neck = Soft.Edge(Math.Min(face.HeadWidth * 0.66f - Math.Abs(x), y), soft)
            * Soft.Edge(chin + 0.12f - y - 0.2f * Math.Abs(x), soft);
        if (neck > 0) colour = colour.Under(face.Skin * (light * 0.62f), neck);

        colour = Ears(colour, x, y, light);
        return BackHair(colour, x, y, hx, r);
    }

    private Colour Ears(Colour colour, float x, float y, float light)
    {
        if (face.HairLength > 0.3f) return colour;
        var side = x < 0 ? -1f : 1f;
        var seen = 1 + side * scene.SinYaw * 1.4f; // the ear that is turned away hides behind the head
        var ear = Soft.Ellipse((x - side * face.HeadWidth) / Math.Max(0.25f, seen), y - face.EyeY - 0.09f, 0.06f + face.EarOut,
            face.EarSize, soft);
        if (ear <= 0) return colour;
        var fold = Soft.Bump(x - side * face.HeadWidth, y - face.EyeY - 0.09f, 0.035f, face.EarSize * 0.5f);
        var shade = scene.Ambient + scene.Lamp * Math.Max(0.1f, 0.5f + side * scene.LightX * 0.6f);
        return colour.Under(face.Skin * new Colour(1, 0.9f, 0.88f) * (Math.Min(light * 1.2f, shade) * (1 - 0.35f * fold)), ear);
    }

    private Colour BackHair(Colour colour, float x, float y, float hx, float r)
    {
        if (face.HairLine < -0.9f) return colour;
        var length = face.HairLength + scene.HairShift;
        var beyond = (1 - r) * 0.6f + face.HairVolume * (y < 0 ? 1 : 0.8f);
        // below the middle the sides hang straight instead of following the jaw
        if (y > 0) beyond = Math.Max(beyond, (1 - Math.Abs(hx)) * face.HeadWidth + face.HairVolume);
        var hair = Soft.Edge(Math.Min(beyond, length - y), soft + 0.02f);
        return hair <= 0 ? colour : colour.Under(features.HairAt(x, y, 0.75f + 0.3f * scene.LightX * hx), hair);
    }
}
