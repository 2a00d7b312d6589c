using Ablation.Harness.Embedding;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Protocols;

/// <summary>
/// Computes template embeddings from those of their images: the mean over the images of a medium, the sum over the media of a template,
/// normalised to length 1. Images are sorted once by template, medium and name; each template is then one weighted sum over neighbours in
/// that order, so the result is the same to the bit for any order of the images and any number of threads.
/// </summary>
public sealed class TemplatePooling
{
    private readonly int[] images;    // sorted
    private readonly int[] starts;    // of each template in images; one more at the end
    private readonly double[] shares; // 1 / images of the medium, in the sorted order

    /// <param name="template">Of each image, 0 .. templates-1; each has at least one.</param>
    /// <param name="media">The medium of each image; unique within a template.</param>
    /// <param name="names">Of the images, all different: they order the images of a medium.</param>
    public TemplatePooling(int[] template, int[] media, IReadOnlyList<string> names, int templates)
    {
        images = new int[template.Length];
        shares = new double[template.Length];
        starts = new int[templates + 1];
        var keys = new ulong[template.Length];
        for (var image = 0; image < keys.Length; image++)
        {
            (images[image], keys[image]) = (image, (ulong)(uint)template[image] << 32 | (uint)media[image]);
            starts[template[image] + 1]++;
        }

        for (var i = 0; i < templates; i++) starts[i + 1] += starts[i];
        Array.Sort(keys, images);
        var byName = Comparer<int>.Create((a, b) => string.CompareOrdinal(names[a], names[b]));
        for (int from = 0, to; from < keys.Length; from = to)
        {
            for (to = from + 1; to < keys.Length && keys[to] == keys[from];) to++;
            Array.Sort(images, from, to - from, byName);
            shares.AsSpan(from, to - from).Fill(1.0 / (to - from));
        }
    }

    /// <summary>Returns one row per template, of length 1.</summary>
    /// <param name="embeddings">Raw, one row per image.</param>
    /// <param name="keepNorm">Whether embeddings keep their length as a weight; otherwise they are normalised first.</param>
    /// <param name="weights">A factor for each image (a detector's score); null for none.</param>
    /// <param name="locateImage">Names an image in an error.</param>
    /// <param name="locateTemplate">Names a template in an error.</param>
    /// <exception cref="DataProblem">An embedding is zero or NaN, or a template's sum is zero.</exception>
    public EmbeddingMatrix Pool(EmbeddingMatrix embeddings, bool keepNorm, float[]? weights, Func<int, string> locateImage,
        Func<int, string> locateTemplate, CancellationToken cancel)
    {
        var pooled = new EmbeddingMatrix(starts.Length - 1, embeddings.Dimension);
        var problems = new DataProblem?[pooled.Rows];
        Parallel.For(0, pooled.Rows, new ParallelOptions { CancellationToken = cancel }, () => new double[embeddings.Dimension],
            (template, _, sum) =>
        {
            problems[template] = PoolOne(template, embeddings, keepNorm, weights, sum, pooled[template], locateImage, locateTemplate);
            return sum;
        }, _ => { });
        return problems.FirstOrDefault(problem => problem is not null) is { } first ? throw first : pooled;
    }

    private DataProblem? PoolOne(int template, EmbeddingMatrix embeddings, bool keepNorm, float[]? weights, double[] sum,
        Span<float> result, Func<int, string> locateImage, Func<int, string> locateTemplate)
    {
        Array.Clear(sum);
        for (var i = starts[template]; i < starts[template + 1]; i++)
        {
            ReadOnlySpan<float> row = embeddings[images[i]];
            var square = WideSums.Dot(row, row);
            if (!(square > 0 && double.IsFinite(square)))
                return new DataProblem(locateImage(images[i]), $"its embedding {EmbeddingMatrix.Fault(row)}",
                    "check whether the training diverged, or the file of embeddings is damaged");
            WideSums.Add(sum, row, shares[i] * (keepNorm ? 1 : 1 / Math.Sqrt(square)) * (weights?[images[i]] ?? 1));
        }

        double length = 0;
        foreach (var value in sum) length += value * value;
        if (!(length > 0))
            return new DataProblem(locateTemplate(template), "the embeddings of its images add up to zero",
                "check their embeddings and detector scores");
        length = Math.Sqrt(length);
        for (var i = 0; i < sum.Length; i++) result[i] = (float)(sum[i] / length);
        return null;
    }
}
