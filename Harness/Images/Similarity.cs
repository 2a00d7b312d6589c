namespace Ablation.Harness.Images;

/// <summary>
/// A similarity of the plane without reflection: rotation, one scale and a shift. (x, y) goes to
/// (A x - B y + X, B x + A y + Y); the scale is the length of (A, B), the angle its direction.
/// </summary>
public readonly record struct Similarity(double A, double B, double X, double Y)
{
    /// <summary>
    /// Returns the similarity with the smallest sum of squared distances between moved points and targets: Umeyama, "Least-squares
    /// estimation of transformation parameters between two point patterns", TPAMI 1991, whose singular value decomposition has this closed
    /// form in the plane.
    /// </summary>
    /// <param name="points">x and y, one after the other; at least two points.</param>
    /// <param name="targets">As many.</param>
    /// <returns>Null if all points coincide, or no scale above 0 is better than 0: then it could not be inverted.</returns>
    /// <exception cref="ArgumentException">Different numbers of points, or fewer than two.</exception>
    public static Similarity? Fit(ReadOnlySpan<double> points, ReadOnlySpan<double> targets)
    {
        if (points.Length != targets.Length || points.Length < 4 || points.Length % 2 != 0)
            throw new ArgumentException($"{points.Length} and {targets.Length} coordinates are not two lists of points");
        var ((centreX, centreY), (targetX, targetY)) = (Centre(points), Centre(targets));
        double along = 0, across = 0, spread = 0, size = 0;
        for (var i = 0; i < points.Length; i += 2)
        {
            var (x, y) = (points[i] - centreX, points[i + 1] - centreY);
            var (u, v) = (targets[i] - targetX, targets[i + 1] - targetY);
            along += x * u + y * v;
            across += x * v - y * u;
            spread += x * x + y * y;
            size += u * u + v * v;
        }

        var tiny = 1e-12 * Math.Sqrt(spread * size); // what rounding leaves of 0
        if (!(spread > 1e-12 * (centreX * centreX + centreY * centreY)) || !(Math.Abs(along) + Math.Abs(across) > tiny)) return null;
        var (a, b) = (along / spread, across / spread);
        return new Similarity(a, b, targetX - (a * centreX - b * centreY), targetY - (b * centreX + a * centreY));
    }

    public (double X, double Y) Apply(double x, double y) => (A * x - B * y + X, B * x + A * y + Y);

    /// <summary>Returns the inverse; the scale must not be 0.</summary>
    public Similarity Inverse()
    {
        var square = A * A + B * B;
        var (a, b) = (A / square, -B / square);
        return new Similarity(a, b, -(a * X - b * Y), -(b * X + a * Y));
    }

    private static (double X, double Y) Centre(ReadOnlySpan<double> points)
    {
        double x = 0, y = 0;
        for (var i = 0; i < points.Length; i += 2) (x, y) = (x + points[i], y + points[i + 1]);
        return (x * 2 / points.Length, y * 2 / points.Length);
    }
}
