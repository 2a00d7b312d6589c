using Ablation.Losses.Kernels.Fused;

namespace Ablation.Harness.Kernels;

/// <summary>
/// A 3 x 3 convolution with stride 1 and a border of one zero, by Winograd's F(2 x 2, 3 x 3): 2.25 times fewer multiplications
/// than the direct form (libtorch's oneDNN) and rounding of the same size. A block of tiles is transformed, multiplied and
/// transformed back while it is in the second-level cache; nothing of the size of the maps is kept.
/// </summary>
internal static unsafe class Winograd
{
    private const int NearWeights = 128 * 1024; // float32 in 512 KiB
    private const int HeldValues = 192 * 1024;  // per position: 12 MiB in all
    private const int LongestSum = 256; // a float32 sum of more terms, one after the other, loses another digit

    /// <summary>Whether the kernel supports a convolution of <paramref name="inputs"/> to <paramref name="outputs"/> channels.</summary>
    public static bool Takes(int inputs, int outputs) =>
        MicroKernel.IsSupported && inputs % MicroKernel.Columns == 0 && outputs % MicroKernel.Columns == 0;

    /// <summary>Computes y = x * w.</summary>
    /// <param name="weights">K x 3 x 3 x C.</param>
    public static void Forward(Pixels x, float* weights, Pixels y)
    {
        using var packed = new NativeFloats(WinogradTiles.Positions * (long)x.Channels * y.Channels, "transformed weights");
        WinogradWeights.Pack(weights, y.Channels, x.Channels, packed.At);
        Convolve(x, packed.At, y, add: false);
    }

    /// <summary>Computes the gradient of x from that of y.</summary>
    /// <param name="add">Whether it is added to what <paramref name="dx"/> holds.</param>
    public static void InputGradient(Pixels dy, float* weights, Pixels dx, bool add)
    {
        using var packed = new NativeFloats(WinogradTiles.Positions * (long)dx.Channels * dy.Channels, "transformed weights");
        WinogradWeights.PackBackward(weights, dy.Channels, dx.Channels, packed.At);
        Convolve(dy, packed.At, dx, add);
    }

    /// <summary>Computes the gradient of the weights.</summary>
    /// <param name="gradient">K x 3 x 3 x C.</param>
    public static void WeightGradient(Pixels x, Pixels dy, float* gradient, bool add)
    {
        var (inputs, outputs) = (x.Channels, dy.Channels);
        var grid = new TileGrid(x);
        // tiles whose transforms share the third-level cache
        var held = Math.Min(Math.Clamp(65536 / Math.Max(inputs, outputs), 128, 512), grid.Count);
        using var patches = new NativeFloats(WinogradTiles.Positions * (long)held * inputs, "transformed tiles");
        using var slopes = new NativeFloats(WinogradTiles.Positions * (long)held * outputs, "transformed tiles");
        using var sums = new NativeFloats(WinogradTiles.Positions * (long)inputs * outputs, "a gradient of transformed weights");
        using var zeros = Zeros(Math.Max(inputs, outputs));
        for (var first = 0; first < grid.Count; first += held)
        {
            var count = Math.Min(held, grid.Count - first);
            Each(count, t =>
            {
                var pixels = stackalloc float*[WinogradTiles.Positions];
                var tile = grid[first + t];
                tile.Patch(x, zeros.At, pixels);
                WinogradTiles.Input(pixels, inputs, patches.At + t * MicroKernel.Columns, (nint)held * inputs, MicroKernel.Columns,
                    (nint)held * MicroKernel.Columns);
                tile.Square(dy, zeros.At, pixels);
                WinogradTiles.Gradient(pixels, outputs, slopes.At + (nint)t * outputs, (nint)held * outputs);
            });
            var panels = inputs / MicroKernel.Columns;
            Blocks.Each(WinogradTiles.Positions * panels, (_, unit) =>
            {
                var (position, panel) = (unit / panels, unit % panels);
                var a = slopes.At + (nint)position * held * outputs;
                var b = patches.At + (nint)position * held * inputs + (nint)panel * held * MicroKernel.Columns;
                var c = sums.At + (nint)position * outputs * inputs + panel * MicroKernel.Columns;
                for (var t = 0; t < count; t += LongestSum)
                    MicroKernel.Multiply(a + (nint)t * outputs, 1, outputs, outputs, b + (nint)t * MicroKernel.Columns, c, inputs,
                        Math.Min(LongestSum, count - t), add: first + t > 0);
            });
        }

        WinogradWeights.Gradient(sums.At, outputs, inputs, gradient, add);
    }

    private static void Convolve(Pixels x, float* packed, Pixels y, bool add)
    {
        // many channels: their weights do not stay in the second-level cache, so more tiles share a pass over them
        if ((long)WinogradTiles.Positions * x.Channels * y.Channels > NearWeights) Phases(x, packed, y, add);
        else Together(x, packed, y, add);
    }

    /// <summary>Transforms as many tiles as share the third-level cache, then multiplies position by position.</summary>
    private static void Phases(Pixels x, float* packed, Pixels y, bool add)
    {
        var (inputs, outputs) = (x.Channels, y.Channels);
        var grid = new TileGrid(x);
        var held = Math.Min(Math.Max(16, HeldValues / (inputs + outputs) / 16 * 16), grid.Count);
        using var patches = new NativeFloats(WinogradTiles.Positions * (long)held * inputs, "transformed tiles");
        using var products = new NativeFloats(WinogradTiles.Positions * (long)held * outputs, "transformed tiles");
        using var zeros = Zeros(inputs);
        for (var first = 0; first < grid.Count; first += held)
        {
            var count = Math.Min(held, grid.Count - first);
            Each(count, t =>
            {
                var pixels = stackalloc float*[WinogradTiles.Positions];
                grid[first + t].Patch(x, zeros.At, pixels);
                WinogradTiles.Input(pixels, inputs, patches.At + (nint)t * inputs, (nint)held * inputs, inputs, 0);
            });
            var panels = outputs / MicroKernel.Columns;
            Blocks.Each(WinogradTiles.Positions * panels, (_, unit) =>
            {
                var (position, panel) = (unit / panels, unit % panels * MicroKernel.Columns);
                Multiply(patches.At + (nint)position * held * inputs, count, inputs, packed + ((nint)position * outputs + panel) * inputs,
                    products.At + (nint)position * held * outputs + panel, outputs);
            });
            Each(count, t =>
            {
                var pixels = stackalloc float*[WinogradTiles.Positions];
                grid[first + t].Square(y, null, pixels);
                WinogradTiles.Output(products.At + (nint)t * outputs, (nint)held * outputs, outputs, pixels, add);
            });
        }
    }

    /// <summary>Takes a block of tiles from transform to output while all of it is in the second-level cache.</summary>
    private static void Together(Pixels x, float* packed, Pixels y, bool add)
    {
        var (inputs, outputs) = (x.Channels, y.Channels);
        var grid = new TileGrid(x);
        var rows = Math.Clamp(8192 / Math.Max(inputs, outputs), 16, 64); // tiles per block
        var blocks = (grid.Count + rows - 1) / rows;
        var share = (nint)WinogradTiles.Positions * rows * (inputs + outputs);
        using var memory = new NativeFloats(share * Blocks.Threads(blocks), "transformed tiles");
        using var zeros = Zeros(inputs);
        Blocks.Each(blocks, (thread, block) =>
        {
            var patches = memory.At + share * thread;
            var products = patches + (nint)WinogradTiles.Positions * rows * inputs;
            var pixels = stackalloc float*[WinogradTiles.Positions];
            var first = block * rows;
            var count = Math.Min(rows, grid.Count - first);
            for (var t = 0; t < count; t++)
            {
                grid[first + t].Patch(x, zeros.At, pixels);
                WinogradTiles.Input(pixels, inputs, patches + (nint)t * inputs, (nint)rows * inputs, inputs, 0);
            }

            for (var position = 0; position < WinogradTiles.Positions; position++)
            {
                var a = patches + (nint)position * rows * inputs;
                var c = products + (nint)position * rows * outputs;
                for (var panel = 0; panel < outputs; panel += MicroKernel.Columns)
                {
                    var b = packed + ((nint)position * outputs + panel) * inputs;
                    Multiply(a, count, inputs, b, c + panel, outputs);
                }
            }

            for (var t = 0; t < count; t++)
            {
                grid[first + t].Square(y, null, pixels);
                WinogradTiles.Output(products + (nint)t * outputs, (nint)rows * outputs, outputs, pixels, add);
            }
        });
    }

    /// <summary>Multiplies transformed tiles by one panel of transformed weights.</summary>
    private static void Multiply(float* tiles, int count, int inputs, float* panel, float* to, int outputs)
    {
        for (var k = 0; k < inputs; k += LongestSum)
            MicroKernel.Multiply(tiles + k, inputs, 1, count, panel + (nint)k * MicroKernel.Columns, to, outputs,
                Math.Min(LongestSum, inputs - k), add: k > 0);
    }

    private static void Each(int tiles, Action<int> body) => Blocks.Each((tiles + 15) / 16, (_, block) =>
    {
        for (var t = 16 * block; t < Math.Min(tiles, 16 * (block + 1)); t++) body(t);
    });

    private static NativeFloats Zeros(int count)
    {
        var zeros = new NativeFloats(count, "zeros");
        new Span<float>(zeros.At, count).Clear();
        return zeros;
    }
}
