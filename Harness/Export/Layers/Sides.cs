namespace Ablation.Harness.Export.Layers;

/// <summary>Settings of a pooling layer, which may be given once for both sides.</summary>
internal static class Sides
{
    /// <summary>Height and width; null if the setting was not given.</summary>
    public static long[]? Two(long[]? sizes) => sizes switch
    {
        null or [] => null,
        [var both] => [both, both],
        _ => sizes,
    };
}
