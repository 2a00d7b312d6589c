namespace Ablation.Harness.Faces.Synthetic;

/// <summary>
/// The painted surface of a head: skin, eyes, brows, nose, mouth, beard, hair in front, glasses. Coordinates as if upright and frontal.
/// </summary>
internal sealed class FaceFeatures(FaceFactors face, SceneFactors scene, float soft)
{
    private static readonly Colour Dark = new(0.10f, 0.06f, 0.05f);
    private static readonly Colour Freckle = new(0.55f, 0.33f, 0.22f);
    private static readonly Colour EyeWhite = new(0.90f, 0.88f, 0.86f);

    private readonly float browY = face.EyeY - face.BrowHeight - scene.BrowLift;
    private readonly float eyeHeight = face.EyeHeight * scene.EyesOpen;
    private readonly float iris = Math.Min(face.EyeWidth * 0.46f, 0.062f);
    private readonly Colour brow = face.Hair.Under(Dark, 0.35f);
    private readonly float hairLine = face.HairLine + scene.HairShift * 0.6f;
    private readonly float beard = Math.Clamp(face.Beard + (face.Beard > 0 ? scene.Stubble : 0), 0f, 0.95f);

    /// <param name="u">Across, 0 on the nose.</param>
    /// <param name="v">Down.</param>
    /// <param name="depth">Towards the viewer before the head was turned; negative on the back of the head.</param>
    /// <param name="nx">Normal, to the right; not of length 1.</param>
    /// <param name="ny">Normal, down.</param>
    /// <param name="nz">Normal, to the viewer.</param>
    public Colour At(float u, float v, float depth, float nx, float ny, float nz)
    {
        var side = Math.Abs(u);
        var hair = HairCover(u, side, v, depth);
        var (colour, relief) = hair < 1 ? Skin(u, side, v) : (default, 0f);
        nx += relief;
        var length = MathF.Sqrt(nx * nx + ny * ny + nz * nz);
        var facing = (nx * scene.LightX + ny * scene.LightY + nz * scene.LightZ) / length;
        var light = scene.Ambient + scene.Lamp * Math.Max(0, facing);
        colour *= light;
        if (hair > 0) colour = colour.Under(HairAt(u, v, 0.55f + 0.5f * Math.Max(0, facing)), hair);
        if (scene.Glasses || scene.DarkGlasses) colour = GlassesOver(colour, u, side, v, depth);
        return colour;
    }

    /// <summary>Hair with its strands, under <paramref name="shade"/> of the lamp.</summary>
    public Colour HairAt(float u, float v, float shade)
    {
        var strands = Texture.At(face.TextureX + u * face.HairCurl * 2.2f, face.TextureY + v * face.HairCurl * 0.5f);
        return face.Hair * ((scene.Ambient + scene.Lamp * shade) * (1 + 0.30f * strands));
    }

    private float HairCover(float u, float side, float v, float depth)
    {
        if (hairLine < -0.9f) return Soft.Edge(-0.15f - depth, 0.1f); // bald: only the back of the head has hair
        var line = hairLine - face.HairCorners * side * side * 3 + face.HairParting * u;
        // the temples: hair reaches down the sides as far as the ears
        var temple = (side - 0.86f * face.HeadWidth) * 1.2f;
        var inside = Math.Max(line - v, Math.Min(temple, Math.Max(0.05f, face.HairLength) + scene.HairShift - v));
        inside = Math.Max(inside, -depth * 0.4f);
        if (inside < -0.06f) return 0;
        return Soft.Edge(inside + 0.02f * Texture.At(u * 40 + face.TextureX, v * 12), soft + 0.025f);
    }

    /// <summary>The colour before light, and how much the nose turns the normal sideways.</summary>
    private (Colour Colour, float Relief) Skin(float u, float side, float v)
    {
        var eyeDx = side - face.EyeX;
        var eyeDy = v - face.EyeY;
        var colour = face.Skin * (1 + 0.05f * Texture.At(face.TextureX + u * 9, face.TextureY + v * 9));
        if (face.Freckles > 0.02f) colour = Freckles(colour, u, v);
        colour *= 1 - face.SocketDepth * Soft.Bump(eyeDx + 0.03f, eyeDy + 0.03f, 0.16f, 0.10f);
        colour = colour.Under(face.Lips, 0.28f * Soft.Bump(side - 0.36f, v - 0.28f, 0.15f, 0.12f));
        if (face.Age > 0.15f && v > 0.1f && v < 0.7f) colour *= 1 - Fold(side, v);
        colour = Beard(colour, u, side, v);

        if (Math.Abs(eyeDx) < face.EyeWidth * 1.25f && Math.Abs(eyeDy) < 0.16f) colour = Eye(colour, u, eyeDx, eyeDy);
        var browDx = side - face.EyeX - 0.005f;
        if (Math.Abs(browDx) < face.BrowLength && Math.Abs(v - browY) < 0.16f) colour = Brow(colour, u, v, browDx / face.BrowLength);
        var relief = 0f;
        if (side < face.NoseWidth * 2 && v > face.EyeY - 0.05f && v < face.NoseTip + 0.14f) colour = Nose(colour, u, side, v, out relief);
        if (side < face.MouthWidth * 1.3f && Math.Abs(v - face.MouthY) < 0.26f) colour = Mouth(colour, u, v);
        foreach (var (x, y, size) in face.Marks)
        {
            if (Math.Abs(u - x) < 2 * size && Math.Abs(v - y) < 2 * size)
                colour = colour.Under(Dark, 0.75f * Soft.Ellipse(u - x, v - y, size, size, soft));
        }

        return (colour, relief);
    }

    private Colour Freckles(Colour colour, float u, float v)
    {
        var spots = Texture.At(face.TextureY + u * 38, face.TextureX + v * 38) - 0.25f;
        if (spots <= 0) return colour;
        return colour.Under(Freckle,
            Math.Min(0.7f, spots * 2.2f) * Math.Min(1, face.Freckles * 1.6f) * Soft.Bump(u, v - 0.15f, 0.6f, 0.4f));
    }

    /// <summary>The line from the nose to the corner of the mouth.</summary>
    private float Fold(float side, float v)
    {
        var along = (v - face.NoseTip) / Math.Max(0.1f, face.MouthY - face.NoseTip);
        var line = face.NoseWidth + 0.02f + (face.MouthWidth + 0.04f - face.NoseWidth) * along;
        var off = (side - line) / 0.03f;
        return along is < -0.2f or > 1.2f ? 0 : 0.30f * face.Age / ((1 + off * off) * (1 + off * off));
    }

    private Colour Beard(Colour colour, float u, float side, float v)
    {
        if (beard > 0.02f && v > 0.1f)
        {
            var cheek = v - (0.72f - 0.72f * side);
            var chin = Math.Min(v - face.MouthY - face.LowerLip - 0.045f, 0.3f);
            var area = Soft.Edge(Math.Max(Math.Min(cheek, v - 0.12f) * 0.6f - 0.07f, chin), 0.09f);
            if (area > 0)
                colour = colour.Under(brow, area * beard * (0.8f + 0.35f * Texture.At(face.TextureX + u * 34, face.TextureY + v * 22)));
        }

        if (face.Moustache > 0.02f)
        {
            var drop = v - (face.MouthY - face.UpperLip - 0.045f) - 0.25f * side * side;
            var area = Soft.Ellipse(side * 0.9f, drop, face.MouthWidth * 1.05f, 0.042f, 0.035f);
            if (area > 0) colour = colour.Under(brow, area * face.Moustache * 0.9f);
        }

        return colour;
    }

    private Colour Eye(Colour colour, float u, float dx, float dy)
    {
        dy += face.EyeSlant * dx;
        var t = dx / face.EyeWidth;
        var arch = 1 - t * t;
        var upper = -eyeHeight * arch * (1.15f - 0.25f * t);
        var lower = eyeHeight * 0.75f * arch;
        var open = Soft.Edge(Math.Min(dy - upper, lower - dy), soft);
        var inside = arch > 0 ? open : 0;
        if (inside > 0)
        {
            var gaze = u < 0 ? -scene.GazeX : scene.GazeX; // dx runs outwards on both sides
            var (ix, iy) = (dx - gaze, dy + 0.006f - scene.GazeY);
            var ball = EyeWhite * (1 - 0.25f * t * t);
            ball = ball.Under(face.Iris * 0.75f, Soft.Ellipse(ix, iy, iris, iris, soft));
            ball = ball.Under(face.Iris * 1.25f, 0.8f * Soft.Ellipse(ix, iy, iris * 0.75f, iris * 0.75f, soft));
            ball = ball.Under(Dark * 0.3f, Soft.Ellipse(ix, iy, iris * 0.42f, iris * 0.42f, soft));
            ball = ball.Under(new Colour(1, 1, 1),
                0.9f * Soft.Ellipse(u - (u < 0 ? -face.EyeX : face.EyeX) - 0.018f, iy + 0.02f, 0.011f, 0.011f, soft));
            colour = colour.Under(ball, inside);
        }

        // lashes on the upper edge and, above them, the crease of the lid
        var reach = Math.Max(0, 1.05f - t * t);
        var lash = Soft.Edge(0.010f * reach + 0.004f - Math.Abs(dy - upper), soft);
        if (lash > 0 && reach > 0) colour = colour.Under(Dark, 0.85f * lash);
        var crease = Soft.Edge(0.005f - Math.Abs(dy - upper + 0.030f + 0.01f * arch), soft);
        return crease > 0 && reach > 0.1f ? colour * (1 - 0.3f * crease) : colour;
    }

    private Colour Brow(Colour colour, float u, float v, float t)
    {
        var line = browY - face.BrowSlant * t * face.BrowLength - face.BrowArch * (1 - t * t) + 0.02f;
        var thick = face.BrowThickness * (1.1f - 0.25f * t - 0.6f * t * t);
        var cover = Soft.Edge(thick - Math.Abs(v - line), soft + 0.01f) * Soft.Edge(1 - Math.Abs(t), 0.15f);
        return cover <= 0 ? colour : colour.Under(brow, cover * face.BrowDark * (0.9f + 0.25f * Texture.At(u * 45, v * 20)));
    }

    private Colour Nose(Colour colour, float u, float side, float v, out float relief)
    {
        var along = Math.Clamp((v - face.EyeY) / (face.NoseTip - face.EyeY), 0f, 1.2f);
        var half = face.NoseBridge + (face.NoseWidth * 0.75f - face.NoseBridge) * along * along;
        var q = u / half;
        var below = Soft.Step(face.NoseTip + 0.09f, face.NoseTip + 0.01f, v);
        relief = face.NoseRelief * 1.5f * along * q / ((1 + q * q) * (1 + q * q)) * below;
        var tip = Soft.Bump(u, v - face.NoseTip + 0.02f, half * 0.7f, 0.05f);
        colour *= 1 + 0.10f * tip * face.NoseRelief;
        colour *= 1 - 0.38f * face.NoseRelief * Soft.Bump(u, v - face.NoseTip - 0.085f, face.NoseWidth, 0.028f);
        var wing = Soft.Edge(0.012f
            - Math.Abs(MathF.Sqrt((side - face.NoseWidth * 0.6f) * (side - face.NoseWidth * 0.6f) + (v - face.NoseTip - 0.01f)
                * (v - face.NoseTip - 0.01f)) - face.NoseWidth * 0.42f), soft);
        if (side > face.NoseWidth * 0.75f) colour *= 1 - 0.35f * wing;
        return colour.Under(Dark,
            0.75f * Soft.Ellipse(side - face.NoseWidth * 0.5f, v - face.NoseTip - 0.055f, face.NoseWidth * 0.27f, 0.020f, soft + 0.01f));
    }

    private Colour Mouth(Colour colour, float u, float v)
    {
        var half = face.MouthWidth * (1 + 1.2f * scene.Smile);
        var t = u / half;
        var shape = Math.Max(0, 1 - t * t);
        var middle = face.MouthY + scene.Smile * (0.6f - 1.6f * t * t);
        var open = scene.MouthOpen * shape;
        var up = middle - open * 0.35f - v;
        var down = v - middle - open * 0.65f;
        var bow = 1 - 0.35f * Soft.Bump(t, 0, 0.16f, 1);
        var lips = Soft.Edge(Math.Min(face.UpperLip * shape * bow * 1.4f - up, face.LowerLip * MathF.Sqrt(shape) - down), soft);
        if (Math.Abs(t) < 1 && lips > 0) colour = colour.Under(down > 0 ? face.Lips * 1.06f : face.Lips * 0.9f, lips);
        var gap = Soft.Edge(0.006f - Math.Max(up, down), soft) * Soft.Edge(1.05f - Math.Abs(t), 0.1f);
        if (gap > 0)
        {
            var teeth = Soft.Edge(Math.Min(scene.MouthOpen - 0.02f, middle + open * 0.1f - v), soft);
            colour = colour.Under(Dark.Under(EyeWhite * 0.92f, teeth), gap * 0.9f);
        }

        return colour * (1 - 0.18f * Soft.Bump(t, (v - middle - open - face.LowerLip - 0.035f) / 0.03f, 0.7f, 1));
    }

    private Colour GlassesOver(Colour colour, float u, float side, float v, float depth)
    {
        if (depth < 0) return colour;
        var (a, b) = (0.185f, 0.135f);
        var (x, y) = ((side - face.EyeX) / a, (v - face.EyeY - 0.02f) / b);
        var r = MathF.Sqrt(MathF.Sqrt(x * x * x * x + y * y * y * y)); // a rounded rectangle
        if (scene.DarkGlasses) colour = colour.Under(Dark * 0.5f, 0.9f * Soft.Edge((1 - r) * b, soft));
        var rim = Soft.Edge(0.013f - Math.Abs(1 - r) * b, soft);
        var bridge = Soft.Edge(Math.Min(face.EyeX - a - side + 0.01f, 0.014f - Math.Abs(v - face.EyeY + 0.01f)), soft);
        var arm = Soft.Edge(Math.Min(side - face.EyeX - a + 0.01f, 0.014f - Math.Abs(v - face.EyeY + 0.03f)), soft);
        return colour.Under(scene.Frame, Math.Max(rim, Math.Max(bridge, arm)));
    }
}
