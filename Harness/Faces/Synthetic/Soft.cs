namespace Ablation.Harness.Faces.Synthetic;

/// <summary>Soft shapes: coverage 0 .. 1 from how far inside a point lies.</summary>
internal static class Soft
{
    /// <summary>0 outside, 1 inside, with a linear edge of <paramref name="width"/> around <paramref name="inside"/> = 0.</summary>
    public static float Edge(float inside, float width) => Math.Clamp(inside / width + 0.5f, 0f, 1f);

    /// <summary>An ellipse with half axes <paramref name="a"/> and <paramref name="b"/> around the origin.</summary>
    public static float Ellipse(float x, float y, float a, float b, float width)
    {
        var r = MathF.Sqrt(x * x / (a * a) + y * y / (b * b));
        return Edge((1 - r) * Math.Min(a, b), width);
    }

    /// <summary>A bump of height 1 that has fallen to 1/4 at the distance of its half axes: a rational stand-in for a Gaussian.</summary>
    public static float Bump(float x, float y, float a, float b)
    {
        var q = 1 + x * x / (a * a) + y * y / (b * b);
        return 1 / (q * q);
    }

    /// <summary>0 below <paramref name="from"/>, 1 above <paramref name="to"/>, smooth between (3t^2 - 2t^3).</summary>
    public static float Step(float from, float to, float x)
    {
        var t = Math.Clamp((x - from) / (to - from), 0f, 1f);
        return t * t * (3 - 2 * t);
    }
}
