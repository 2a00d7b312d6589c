namespace Ablation.Harness.Faces.Synthetic;

/// <summary>Colours of people.</summary>
internal static class Palette
{
    /// <param name="tone">0 light .. 1 dark.</param>
    /// <param name="ruddy">Around 0; positive is redder, negative more yellow.</param>
    public static Colour Skin(float tone, float ruddy)
    {
        var skin = Colour.Along(tone, new(0.97f, 0.83f, 0.74f), new(0.90f, 0.71f, 0.58f), new(0.76f, 0.55f, 0.41f),
            new(0.54f, 0.36f, 0.25f), new(0.34f, 0.22f, 0.16f));
        return skin * new Colour(1, 1 - 0.04f * ruddy, 1 - 0.02f * ruddy);
    }

    /// <param name="fair">0 black .. 1 fair.</param>
    /// <param name="red">Red hair above 0.92.</param>
    /// <param name="grey">Grey hair above 0.86.</param>
    public static Colour Hair(float fair, float red, float grey)
    {
        var hair = Colour.Along(fair, new(0.06f, 0.05f, 0.05f), new(0.15f, 0.09f, 0.06f), new(0.31f, 0.19f, 0.11f),
            new(0.52f, 0.36f, 0.20f), new(0.84f, 0.69f, 0.44f));
        if (red > 0.92f) hair = new Colour(0.58f, 0.24f, 0.10f);
        return grey > 0.86f ? hair.Under(new Colour(0.68f, 0.68f, 0.67f), 0.75f) : hair;
    }

    /// <param name="fair">0 brown .. 1 blue.</param>
    public static Colour Iris(float fair) =>
        Colour.Along(fair, new(0.14f, 0.08f, 0.05f), new(0.30f, 0.18f, 0.09f), new(0.36f, 0.38f, 0.20f), new(0.40f, 0.55f, 0.66f));

    /// <param name="skin">The skin around them.</param>
    /// <param name="red">0 as the skin .. 1 strongly red.</param>
    public static Colour Lips(Colour skin, float red) =>
        (skin * new Colour(0.86f, 0.66f, 0.64f)).Under(new Colour(0.70f, 0.20f, 0.22f), red * 0.6f);
}
