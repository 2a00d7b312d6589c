namespace Ablation.Harness.Kernels;

/// <summary>The 2 x 2 tiles that cover the output of a convolution with stride 1, image by image.</summary>
internal readonly struct TileGrid(Pixels maps)
{
    private readonly int down = (maps.Height + 1) / 2, across = (maps.Width + 1) / 2;

    public int Count => maps.Images * down * across;

    public Tile this[int index] => new(index / (down * across), 2 * (index / across % down), 2 * (index % across));
}

/// <summary>A tile of the output: its image, and its first pixel.</summary>
internal readonly unsafe record struct Tile(int Image, int Y, int X)
{
    /// <summary>Writes the addresses of the 4 x 4 pixels that the tile depends on, its border included.</summary>
    /// <param name="zeros">Stands in for pixels beyond the border.</param>
    public void Patch(Pixels maps, float* zeros, float** to) => Fill(maps, Y - 1, X - 1, 4, zeros, to);

    /// <summary>Writes the addresses of the tile's own 2 x 2 pixels.</summary>
    /// <param name="outside">Stands in for pixels beyond the border.</param>
    public void Square(Pixels maps, float* outside, float** to) => Fill(maps, Y, X, 2, outside, to);

    private void Fill(Pixels maps, int top, int left, int side, float* outside, float** to)
    {
        for (var y = top; y < top + side; y++)
        {
            var row = maps.At + ((nint)Image * maps.Height + y) * maps.Width * maps.Channels;
            for (var x = left; x < left + side; x++)
                *to++ = (uint)y < (uint)maps.Height && (uint)x < (uint)maps.Width ? row + (nint)x * maps.Channels : outside;
        }
    }
}
