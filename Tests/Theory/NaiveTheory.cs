namespace Ablation.Tests.Theory;

/// <summary>A literal implementation of the theory's figures, one point at a time, in doubles.</summary>
internal sealed class NaiveTheory(double[][] images, int[] identityOf, double[][] proxies)
{
    public double[][] Proxies => proxies;

    private double[][] Means { get; } = [.. Enumerable.Range(0, proxies.Length)
        .Select(identity => Mean([.. images.Where((_, i) => identityOf[i] == identity)]))];

    public double[] Norms => [.. Means.Select(Norm)];

    public double[][] Directions => [.. Means.Select(mean => mean.Select(value => value / Norm(mean)).ToArray())];

    public double[] ProxyMeanCosines => [.. proxies.Zip(Directions, Dot)];

    /// <summary>max(0, d(x, w_y) - d(x, w_j) + 1) for the nearest j.</summary>
    public double[] Losses =>
        [.. images.Select((image, i) =>
            Math.Max(0, Distance(image, proxies[identityOf[i]]) - Distance(image, proxies[NegativeProxy(i)]) + 1))];

    public double NearestIsOwn => Share(i => Distance(images[i], proxies[identityOf[i]]) < Distance(images[i], proxies[NegativeProxy(i)]));

    public double VoidIdentities => Bounds.Count(bound => bound <= 0) / (double)proxies.Length;

    public double HoldingIdentities
    {
        get
        {
            var telling = Enumerable.Range(0, proxies.Length).Where(identity => Bounds[identity] > 0).ToList();
            return telling.Count(identity => Enumerable.Range(0, proxies.Length).Where(j => j != identity)
                .Min(j => Distance(proxies[identity], proxies[j])) > Bounds[identity]) / (double)telling.Count;
        }
    }

    public double MiningByMean => Share(i => Nearest(images[i], Directions, j => j != identityOf[i]) == NegativeProxy(i));

    public double MiningBySample =>
        Share(i => identityOf[Nearest(images[i], images, j => identityOf[j] != identityOf[i])] == NegativeProxy(i));

    public double[] Distances(double[][] points) =>
        [.. Enumerable.Range(0, points.Length).SelectMany(i => Enumerable.Range(0, i).Select(j => Distance(points[i], points[j])))];

    public static double[] Unit(float[] point) => [.. point.Select(value => value / Norm([.. point.Select(one => (double)one)]))];

    private double[] Bounds =>
        [.. Enumerable.Range(0, proxies.Length)
            .Select(identity => (1 - Losses.Where((_, i) => identityOf[i] == identity).Average()) / Norms[identity])];

    private int NegativeProxy(int image) => Nearest(images[image], proxies, j => j != identityOf[image]);

    private double Share(Func<int, bool> holds) => Enumerable.Range(0, images.Length).Count(holds) / (double)images.Length;

    private static int Nearest(double[] point, double[][] others, Func<int, bool> allowed) =>
        Enumerable.Range(0, others.Length).Where(allowed).MinBy(j => Distance(point, others[j]));

    private static double Distance(double[] left, double[] right) =>
        left.Zip(right).Sum(pair => (pair.First - pair.Second) * (pair.First - pair.Second));

    private static double Dot(double[] left, double[] right) => left.Zip(right).Sum(pair => pair.First * pair.Second);

    private static double Norm(double[] point) => Math.Sqrt(Dot(point, point));

    private static double[] Mean(double[][] points) =>
        [.. Enumerable.Range(0, points[0].Length).Select(i => points.Average(point => point[i]))];
}
