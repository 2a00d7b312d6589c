namespace Ablation.Tests.Networks;

/// <summary>Counts multiply-adds of the networks from their published tables, as a plain reference.</summary>
public static class LayerCount
{
    /// <summary>A square map: its channels and its edge in pixels.</summary>
    private readonly record struct Map(long Channels, long Edge);

    public static long IResNet(int[] units, int resolution, int dimension)
    {
        var (sum, map) = (0L, new Map(3, resolution));
        map = Convolve(map, 64, 3, 1, ref sum);
        for (var stage = 0; stage < 4; stage++)
        {
            for (var unit = 0; unit < units[stage]; unit++)
            {
                var (stride, before) = (unit == 0 ? 2 : 1, map);
                map = Convolve(Convolve(before, 64 << stage, 3, 1, ref sum), 64 << stage, 3, stride, ref sum);
                if (unit == 0) Convolve(before, 64 << stage, 1, stride, ref sum);
            }
        }

        return sum + map.Channels * map.Edge * map.Edge * dimension;
    }

    public static long ResNet50(int resolution, int dimension, bool strideInSecond = false)
    {
        var (sum, map) = (0L, new Map(3, resolution));
        map = Convolve(map, 64, 3, 2, ref sum);
        foreach (var (wide, units, first) in new[] { (64, 3, 1), (128, 4, 2), (256, 14, 2), (512, 3, 2) })
            for (var unit = 0; unit < units; unit++) map = Unit(map, wide, unit == 0 ? first : 1, ref sum, strideInSecond);
        return sum + map.Channels * map.Edge * map.Edge * dimension;
    }

    public static long Small(int resolution, int width, int dimension)
    {
        var (sum, map) = (0L, new Map(3, resolution));
        map = Convolve(map, width, 3, 1, ref sum);
        foreach (var factor in new[] { 1, 2, 4, 8 }) map = Unit(map, width * factor, 2, ref sum);
        return sum + map.Channels * map.Edge * map.Edge * dimension;
    }

    public static long MobileFaceNet(int resolution, int dimension)
    {
        var (sum, map) = (0L, new Map(3, resolution));
        map = Depthwise(Convolve(map, 64, 3, 2, ref sum), 3, 1, ref sum);
        // Table 1 of the paper: expansion, channels, repeats, stride of the first
        foreach (var (expansion, channels, repeats, first) in new[] { (2, 64, 5, 2), (4, 128, 1, 2), (2, 128, 6, 1), (4, 128, 1, 2),
            (2, 128, 2, 1) })
        {
            for (var i = 0; i < repeats; i++)
            {
                map = Convolve(map, map.Channels * expansion, 1, 1, ref sum);
                map = Convolve(Depthwise(map, 3, i == 0 ? first : 1, ref sum), channels, 1, 1, ref sum);
            }
        }

        map = Convolve(map, 512, 1, 1, ref sum);
        return sum + 512 * map.Edge * map.Edge + 512L * dimension; // the global depthwise convolution and the linear layer
    }

    private static Map Unit(Map before, int wide, int stride, ref long sum, bool strideInSecond = false)
    {
        if (stride != 1 || before.Channels != wide) Convolve(before, wide, 1, stride, ref sum);
        return strideInSecond ? Convolve(Convolve(before, wide, 3, 1, ref sum), wide, 3, stride, ref sum)
            : Convolve(Convolve(before, wide, 3, stride, ref sum), wide, 3, 1, ref sum);
    }

    /// <summary>A convolution whose padding keeps the edge at stride 1.</summary>
    private static Map Convolve(Map input, long channels, int kernel, int stride, ref long sum)
    {
        var edge = (input.Edge + stride - 1) / stride;
        sum += input.Channels * channels * kernel * kernel * edge * edge;
        return new Map(channels, edge);
    }

    private static Map Depthwise(Map input, int kernel, int stride, ref long sum)
    {
        var edge = (input.Edge + stride - 1) / stride;
        sum += input.Channels * kernel * kernel * edge * edge;
        return input with { Edge = edge };
    }
}
