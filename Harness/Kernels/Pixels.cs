using Ablation.Losses.Kernels;
using Ablation.Losses.Kernels.Fused;
using static TorchSharp.torch;

namespace Ablation.Harness.Kernels;

/// <summary>
/// A batch of feature maps in memory: N x H x W pixels, the C channels of a pixel side by side (channels-last). Points into
/// the tensor's memory, which must outlive it.
/// </summary>
internal readonly unsafe struct Pixels
{
    private Pixels(byte* map, long[] shape)
    {
        Map = map;
        (Images, Channels, Height, Width) = ((int)shape[0], (int)shape[1], (int)shape[2], (int)shape[3]);
    }

    /// <summary>The first value, of any type.</summary>
    public byte* Map { get; }

    /// <summary>The first value of float32 maps.</summary>
    public float* At => (float*)Map;

    public int Images { get; }

    public int Height { get; }

    public int Width { get; }

    public int Channels { get; }

    /// <summary>Number of pixels, N H W.</summary>
    public int Rows => Images * Height * Width;

    /// <summary>Whether a tensor has the layout and type that the kernels need.</summary>
    public static bool Fits(Tensor maps, ScalarType type) =>
        CpuPath.IsTaken(maps) && maps.dtype == type && maps.dim() == 4
        && maps.shape[1] % 16 == 0 && IsChannelsLast(maps);

    /// <summary>Views N x C x H x W maps with the channels innermost.</summary>
    public static Pixels View(Tensor maps)
    {
        using var rows = maps.permute(0, 2, 3, 1);
        return new Pixels((byte*)ClassWalk.Pointer(rows), maps.shape);
    }

    /// <summary>Returns new maps without values.</summary>
    public static Tensor Empty(int images, int channels, int height, int width, ScalarType type = ScalarType.Float32) =>
        empty([images, height, width, channels], type).permute(0, 3, 1, 2);

    /// <summary>Whether the channels of a pixel lie side by side, and the pixels one after the other.</summary>
    public static bool IsChannelsLast(Tensor maps)
    {
        var (s, n) = (maps.stride(), maps.shape);
        return (s[1] == 1 || n[1] == 1) && (s[3] == n[1] || n[3] == 1) && (s[2] == n[1] * n[3] || n[2] == 1)
            && (s[0] == n[1] * n[3] * n[2] || n[0] == 1);
    }
}
