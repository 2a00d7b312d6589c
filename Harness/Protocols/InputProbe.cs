using Ablation.Harness.Batches;
using Ablation.Harness.Embedding;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Protocols;

/// <summary>How well a form of input separates people.</summary>
/// <param name="Separation">
/// Difference of the mean cosines of genuine and impostor pairs, over the root of the mean of their variances (d').
/// </param>
/// <param name="Area">Share of genuine and impostor pairs in which the genuine one has the higher cosine; equal ones count half.</param>
/// <param name="Pairs">Number of genuine and of impostor pairs.</param>
public sealed record ProbedForm(InputForm Form, double Separation, double Area, (int Genuine, int Impostor) Pairs);

/// <summary>Embeds a few pictures of a test in several forms of input, to find the one that a network was trained with.</summary>
public static class InputProbe
{
    private const int MostPairs = 40; // of each kind

    /// <summary>Returns the forms, the one that separates best first. Pictures are embedded without their mirror images.</summary>
    /// <param name="embedder">Makes the embedder of a form; it is disposed here.</param>
    /// <exception cref="DataProblem">The test has no pairs of both kinds, or a picture cannot be read.</exception>
    public static IReadOnlyList<ProbedForm> Run(FaceTest test, IReadOnlyList<InputForm> forms, Func<InputForm, ImageEmbedder> embedder,
        BatchOptions batches, CancellationToken cancel)
    {
        var pairs = Pairs(test);
        if (!pairs.Exists(pair => pair.Same) || pairs.TrueForAll(pair => pair.Same))
            throw new DataProblem(test.Name, "it has no pairs of one person and of two, so colours, mean and scale cannot be probed",
                "put a test of pairs first, or give --colour, --mean and --scale");
        List<int> images = [.. pairs.SelectMany(pair => new[] { pair.First, pair.Second }).Distinct()];
        return [.. forms.Select(form => Measure(test, pairs, images, form, embedder(form), batches, cancel))
            .OrderByDescending(one => one.Separation)];
    }

    private static ProbedForm Measure(FaceTest test, List<(int First, int Second, bool Same)> pairs, List<int> images, InputForm form,
        ImageEmbedder embedder, BatchOptions batches, CancellationToken cancel)
    {
        using (embedder)
        {
            var rows = new Dictionary<int, float[]>();
            foreach (var batch in EvaluationImages.Read(test, images, embedder.Resolution, batches, cancel))
            {
                var values = embedder.Embed(batch, [FlipFusion.ImageOnly])[0];
                var dimension = values.Length / batch.Count;
                for (var item = 0; item < batch.Count; item++)
                    rows[images[batch.Indices[item]]] = values[(item * dimension)..((item + 1) * dimension)];
            }

            var genuine = Cosines(true);
            var impostor = Cosines(false);
            var spread = Math.Sqrt((Variance(genuine) + Variance(impostor)) / 2);
            var area = genuine.Sum(high => impostor.Sum(low => high > low ? 1.0 : high == low ? 0.5 : 0)) / genuine.Count / impostor.Count;
            return new ProbedForm(form, spread > 0 ? (genuine.Average() - impostor.Average()) / spread : 0, area,
                (genuine.Count, impostor.Count));

            List<double> Cosines(bool same) =>
                [.. pairs.Where(pair => pair.Same == same).Select(pair => Cosine(rows[pair.First], rows[pair.Second]))];
        }
    }

    /// <summary>Spreads the choice over the test; a test without pairs gives pairs by its persons.</summary>
    private static List<(int First, int Second, bool Same)> Pairs(FaceTest test)
    {
        if (test is PairProtocol { Pairs: var all })
        {
            return [.. Some(all.Where(pair => pair.Same).ToList()).Concat(Some(all.Where(pair => !pair.Same).ToList()))
                .Select(pair => (pair.First, pair.Second, pair.Same))];
        }

        var people = Enumerable.Range(0, test.ImageCount).Select(image => (Image: image, Person: test.PersonName(image)))
            .Where(one => one.Person is not null).GroupBy(one => one.Person, one => one.Image).Where(group => group.Count() > 1)
            .Select(group => group.Take(2).ToArray()).ToList();
        var chosen = Some(people).ToList();
        return [.. chosen.Select(two => (two[0], two[1], true)),
            .. chosen.Zip(chosen.Skip(1), (one, next) => (one[0], next[1], false))];
    }

    private static IEnumerable<T> Some<T>(List<T> all) =>
        Enumerable.Range(0, Math.Min(MostPairs, all.Count)).Select(i => all[(int)((long)i * all.Count / Math.Min(MostPairs, all.Count))]);

    private static double Cosine(float[] left, float[] right)
    {
        double dot = 0, first = 0, second = 0;
        for (var i = 0; i < left.Length; i++)
        {
            dot += (double)left[i] * right[i];
            first += (double)left[i] * left[i];
            second += (double)right[i] * right[i];
        }

        // a network that a wrong form drives to zero or NaN separates nobody
        return dot / Math.Sqrt(first * second) is var cosine && double.IsFinite(cosine) ? cosine : 0;
    }

    private static double Variance(List<double> values)
    {
        var mean = values.Average();
        return values.Average(value => (value - mean) * (value - mean));
    }
}
