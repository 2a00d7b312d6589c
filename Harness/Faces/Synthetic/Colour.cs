namespace Ablation.Harness.Faces.Synthetic;

/// <summary>Red, green and blue, 0 .. 1 (more while light is being added up).</summary>
internal readonly record struct Colour(float R, float G, float B)
{
    public static Colour operator *(Colour c, float k) => new(c.R * k, c.G * k, c.B * k);

    public static Colour operator *(Colour c, Colour k) => new(c.R * k.R, c.G * k.G, c.B * k.B);

    /// <summary><paramref name="over"/> laid over this with a coverage of 0 .. 1.</summary>
    public Colour Under(Colour over, float coverage) =>
        new(R + (over.R - R) * coverage, G + (over.G - G) * coverage, B + (over.B - B) * coverage);

    /// <summary>A point on the broken line through <paramref name="anchors"/>; 0 is the first, 1 the last.</summary>
    public static Colour Along(float position, params ReadOnlySpan<Colour> anchors)
    {
        var scaled = Math.Clamp(position, 0f, 1f) * (anchors.Length - 1);
        var low = Math.Min((int)scaled, anchors.Length - 2);
        return anchors[low].Under(anchors[low + 1], scaled - low);
    }
}
