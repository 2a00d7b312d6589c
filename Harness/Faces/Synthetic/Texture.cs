using Ablation.Harness.Foundations;

namespace Ablation.Harness.Faces.Synthetic;

/// <summary>Smooth random values in -1 .. 1 over the plane: one tile of 64 x 64 lattice values, repeated, interpolated.</summary>
internal static class Texture
{
    private const int Side = 64;
    private static readonly float[] Tile = Fill();

    /// <summary>Returns a value that varies over about one unit; an offset per face gives another pattern.</summary>
    public static float At(float x, float y)
    {
        var (floorX, floorY) = (MathF.Floor(x), MathF.Floor(y));
        var (left, top) = ((int)floorX & Side - 1, ((int)floorY & Side - 1) * Side);
        var (right, bottom) = (left + 1 & Side - 1, top + Side & Side * Side - 1);
        var (u, v) = (x - floorX, y - floorY);
        u = u * u * (3 - 2 * u);
        v = v * v * (3 - 2 * v);
        var upper = Tile[top + left] + (Tile[top + right] - Tile[top + left]) * u;
        var lower = Tile[bottom + left] + (Tile[bottom + right] - Tile[bottom + left]) * u;
        return upper + (lower - upper) * v;
    }

    private static float[] Fill()
    {
        var stream = new RandomStream(0, StreamPurpose.SyntheticTexture);
        var tile = new float[Side * Side];
        for (var i = 0; i < tile.Length; i++) tile[i] = (float)stream.NextSigned();
        return tile;
    }
}
