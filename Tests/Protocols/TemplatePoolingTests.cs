using Ablation.Harness.Embedding;
using Ablation.Harness.Protocols;

namespace Ablation.Tests.Protocols;

/// <summary>Pooling against sums whose order matters and numbers computed by hand.</summary>
public sealed class TemplatePoolingTests
{
    private static readonly string[] Names = ["c", "a", "b"];
    private static readonly float[][] Rows = [[1e30f, 1], [-1e30f, 2], [3, 4]];

    /// <summary>In the order of names -1e30 + 3 + 1e30 is 0 in float64; another order gives 3, and so another direction.</summary>
    [Test]
    public void Images_of_a_medium_are_added_in_the_order_of_their_names()
    {
        foreach (var order in new int[][] { [0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0] })
        {
            var pooling = new TemplatePooling([0, 0, 0], [5, 5, 5], [.. order.Select(image => Names[image])], 1);
            var pooled = Pool(pooling, [.. order.SelectMany(image => Rows[image])]);
            Assert.That(pooled[0].ToArray(), Is.EqualTo(new[] { 0f, 1f }));
        }
    }

    /// <summary>Media 1: (2, 0) and (4, 0), mean (3, 0). Media 2: (0, 4). Sum (3, 4), of length 5.</summary>
    [Test]
    public void A_template_is_the_sum_of_the_means_of_its_media()
    {
        var pooling = new TemplatePooling([1, 1, 0, 1], [1, 2, 1, 1], ["a", "b", "c", "d"], 2);
        Assert.That(Pool(pooling, [2, 0, 0, 4, 7, 0, 4, 0]).Values, Is.EqualTo(new[] { 1f, 0, 0.6f, 0.8f }));
    }

    /// <summary>Normalised, media 1 is (1, 0) and media 2 (0, 1); the weights 3 and 4 of the stills give 3 / 2 + 3 / 2 to 4.</summary>
    [Test]
    public void Normalisation_and_weights_are_applied_if_requested()
    {
        var pooling = new TemplatePooling([0, 0, 0], [1, 2, 1], ["a", "b", "c"], 1);
        var matrix = new EmbeddingMatrix([2, 0, 0, 9, 4, 0], 2);
        Assert.That(pooling.Pool(matrix, false, [3, 4, 3], _ => "", _ => "", default).Values, Is.EqualTo(new[] { 0.6f, 0.8f }));
    }

    private static EmbeddingMatrix Pool(TemplatePooling pooling, float[] values) =>
        pooling.Pool(new EmbeddingMatrix(values, 2), true, null, _ => "", _ => "", default);
}
