using Ablation.Harness.Protocols;

namespace Ablation.Tests.Protocols;

/// <summary>Sums of rows of every length near the vector width against plain loops in doubles.</summary>
public sealed class WideSumsTests
{
    [Test]
    public void Products_and_sums_equal_those_of_plain_loops([Values(0, 1, 7, 8, 9, 16, 31, 512)] int length)
    {
        var random = new Random(length);
        float[] left = [.. Enumerable.Range(0, length).Select(_ => (float)random.NextDouble() - 0.3f)];
        float[] right = [.. Enumerable.Range(0, length).Select(_ => (float)random.NextDouble() - 0.3f)];
        Assert.That(WideSums.Dot(left, right), Is.EqualTo(left.Zip(right, (a, b) => (double)a * b).Sum()).Within(1e-12));
        double[] sum = [.. Enumerable.Range(0, length).Select(i => (double)i)];
        WideSums.Add(sum, left, -1.7);
        Assert.That(sum, Is.EqualTo(left.Select((value, i) => i - 1.7 * value)).Within(1e-12));
    }

    [Test]
    public void Rows_of_different_lengths_are_refused()
    {
        Assert.That(() => WideSums.Dot(new float[8], new float[9]), Throws.ArgumentException);
        Assert.That(() => WideSums.Add(new double[8], new float[9], 1), Throws.ArgumentException);
    }
}
